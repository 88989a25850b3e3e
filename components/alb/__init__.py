"""Application load balancers, target groups and listener rules. The TLS policy is in `stacks/catalog/versions.py`."""
