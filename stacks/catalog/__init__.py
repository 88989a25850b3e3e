"""Tables of values that all stacks share. The setting `tierup:sizeOverrides` replaces sizes of one stack.

- `phases`: the phases, and the features that each introduces.
- `tiers`: the sizes of each tier, for example Atlas instance sizes, tasks and cache nodes.
- `versions`: engine versions, Kubernetes and its add-ons, images, runtimes, and the TLS policy of the load balancer.
- `thresholds`: the limits of the guide's alarms (p95, error rate, CPU) and its rate limit.
- `regions`: the regions near each region. `hosts`: the managed hosts, and their regions.
- `site_cache`: the default cache rules of the site.
"""
