"""Constraints between settings: combinations of phase, tier and single settings that cannot be deployed.

One function for each subject. Each yields a `ConfigError` before any resource is created. A tier's sizes may fit in one
phase and not in another: phase enterprise shards the database, Atlas shards from M30 on, and tier small has an M10, so
enterprise with small needs `tierup:sizeOverrides.databaseInstanceSize`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from pydantic.alias_generators import to_camel

from components.atlas.instance_limits import LIMITS, SMALLEST_SHARDED, check_connections, size_number
from components.cdn.provider import CdnKind
from components.cloudflare.plan import LIMITS as CLOUDFLARE_LIMITS
from components.cloudflare.plan import max_origins
from components.elasticache.topology import ClusterMode
from components.scheduling.kubernetes_cron import kubernetes_schedule
from components.vpc.nat import NatKind
from stacks.catalog.phases import Feature, features, introduced_in
from stacks.catalog.regions import NEIGHBOURS
from stacks.config.errors import ConfigError
from stacks.config.groups import ROTATION_STEPS, MonitoringVendor
from stacks.config.host_constraints import host_errors
from stacks.config.regions import region_errors

if TYPE_CHECKING:
    from stacks.config.containers import ContainerConfig, ServiceConfig
    from stacks.config.model import Settings

_REQUIRED_FEATURES: Final = (
    ("nat", Feature.PRIVATE_SUBNETS, "tasks have public addresses and need no NAT in earlier phases"),
    (
        "orchestrator",
        Feature.PRIVATE_SUBNETS,
        "nodes of EKS run in private subnets, which earlier phases do not have",
    ),
    ("deployment", Feature.BLUE_GREEN, "earlier phases have no second target group"),
    ("deploymentChecks", Feature.BLUE_GREEN, "earlier phases have no second target group"),
    ("spotPercent", Feature.AUTOSCALING, "autoscaling replaces the Spot tasks that AWS reclaims"),
    ("autoscaling", Feature.AUTOSCALING, "earlier phases have a fixed number of tasks"),
    ("capacitySchedules", Feature.AUTOSCALING, "a schedule sets the limits of autoscaling"),
    ("worker", Feature.WORKER, "earlier phases have no worker"),
    ("cacheAuth", Feature.CACHE, "earlier phases have no cache"),
    ("cacheSnapshotName", Feature.CACHE, "earlier phases have no cache"),
    ("cacheClusterMode", Feature.CACHE_FAILOVER, "each shard needs a replica that can take over"),
    ("pauseDatabaseAutoscaling", Feature.DATABASE_AUTOSCALING, "earlier phases do not scale the database"),
    ("databaseEffectiveFields", Feature.DATABASE_SHARDS, "earlier phases do not shard the database"),
    ("databaseRegions", Feature.DATABASE_REGIONS, "earlier phases keep the database in one region"),
    ("originLock", Feature.API_BEHIND_CDN, "clients connect to the load balancer directly in earlier phases"),
    ("apiPath", Feature.API_BEHIND_CDN, "the CDN does not forward requests to the load balancer in earlier phases"),
    ("regions", Feature.DATABASE_REGIONS, "earlier phases keep the database in one region"),
    ("services", Feature.SERVICES, "earlier phases have one service"),
)
"""Settings that have no effect without a feature: key, feature, reason."""


_MAX_FURTHER_NAMES: Final = 9
"""Names of a certificate besides the first one: ACM's default quota is 10.
https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html (read 2026-11-28)"""

_RESERVED_SERVICE_NAMES: Final = frozenset({"backend", "worker"})
"""The names of the stack's own service and worker, reserved whether or not the stack has a worker."""


def constraint_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each combination of valid settings that cannot be deployed."""
    yield from _phase(settings)
    yield from _stickiness(settings)
    yield from _cdn(settings)
    yield from _database(settings)
    yield from _task_counts(settings)
    yield from _cache(settings)
    yield from _rotation(settings)
    yield from _backup_copies(settings)
    yield from _site_names(settings)
    yield from _network(settings)
    yield from _kms_key(settings)
    yield from _client_certificates(settings)
    yield from _service_names(settings)
    yield from _service_routes(settings)
    yield from _site_functions(settings)
    yield from _service_callers(settings)
    yield from _scheduled_tasks(settings)
    yield from _backup_compliance(settings)
    yield from host_errors(settings)
    yield from _orchestrator(settings)
    yield from region_errors(settings)
    if settings.existing_load_balancer is not None and settings.existing_network is None:
        yield _error(
            "existingLoadBalancer",
            "the setting needs tierup:existingNetwork, because a load balancer reaches only targets in its own VPC",
            "Set the network that the load balancer is in",
            "pulumi config set --path tierup:existingNetwork.vpcId vpc-..., and its subnets and route tables",
        )


def _error(key: str, problem: str, expected: str, command: str, *, got: object = None) -> ConfigError:
    return ConfigError(
        key=f"tierup:{key}",
        problem=problem,
        got=None if got is None else str(got),
        expected=expected,
        command=command,
    )


def _phase(settings: Settings) -> Iterator[ConfigError]:
    changed = settings.model_dump(by_alias=True, exclude_unset=True, exclude_defaults=True)
    for key, feature, reason in _REQUIRED_FEATURES:
        if key in changed and feature not in features(settings.phase):
            phase = introduced_in(feature)
            yield _error(
                key,
                f"the setting has no effect in phase {settings.phase}: {reason}",
                f"Allowed from phase {phase} on, which introduces {feature}",
                f"pulumi config set tierup:phase {phase}, or pulumi config rm tierup:{key}",
            )


def _stickiness(settings: Settings) -> Iterator[ConfigError]:
    if settings.sticky_seconds is not None and Feature.BLUE_GREEN in features(settings.phase):
        yield _error(
            "stickySeconds",
            f"phase {settings.phase} has two target groups for blue/green deployments, and Elastic Load Balancing "
            "refuses target stickiness there",
            f"Allowed before phase {introduced_in(Feature.BLUE_GREEN)}",
            "pulumi config rm tierup:stickySeconds",
            got=settings.sticky_seconds,
        )


def _cdn(settings: Settings) -> Iterator[ConfigError]:
    if settings.cdn is CdnKind.CLOUDFLARE:
        if settings.cloudflare_zone_id is None:
            yield _error(
                "cloudflareZoneId",
                "the setting is missing, and tierup:cdn cloudflare requires it",
                "Set the id of the zone (Cloudflare dashboard, Overview of the domain)",
                "pulumi config set tierup:cloudflareZoneId 0123456789abcdef0123456789abcdef",
            )
        if settings.waf_mode == "count" and not CLOUDFLARE_LIMITS[settings.cloudflare_plan].log_action:
            yield _error(
                "wafMode",
                f"Cloudflare's plan {settings.cloudflare_plan} has no action that only logs",
                "Allowed: block; only plan enterprise can log without blocking",
                "pulumi config set tierup:wafMode block",
                got=settings.waf_mode,
            )
    unused = (
        {"cloudflareZoneId": settings.cloudflare_zone_id}
        if settings.cdn is CdnKind.CLOUDFRONT
        else {
            "hostedZoneId": settings.hosted_zone_id,
            "edgeCertificateArn": settings.edge_certificate_arn,
            "priceClass": settings.price_class,
        }
    )
    for key, value in unused.items():
        if value is not None:
            yield _error(
                key,
                f"the setting has no effect when tierup:cdn is {settings.cdn}",
                "Remove it, or choose the other CDN",
                f"pulumi config rm tierup:{key}",
            )


def _database(settings: Settings) -> Iterator[ConfigError]:
    sizes, available = settings.sizes, features(settings.phase)
    size = sizes.database_instance_size
    if settings.shards is not None and size_number(size) < size_number(SMALLEST_SHARDED):
        yield _error(
            "tier",
            f"phase {settings.phase} shards the database, and Atlas does not shard an {size}",
            f"Allowed: a tier whose database is an {SMALLEST_SHARDED} or larger",
            "pulumi config set tierup:tier medium, or pulumi config set --path "
            f"tierup:sizeOverrides.databaseInstanceSize {SMALLEST_SHARDED}",
            got=settings.tier,
        )
    if sizes.database_disk_gb > LIMITS[size].max_disk_gb:
        yield _error(
            "sizeOverrides.databaseDiskGb",
            f"the disk is too large for an {size}",
            f"Allowed: up to {LIMITS[size].max_disk_gb}",
            f"pulumi config set --path tierup:sizeOverrides.databaseDiskGb {LIMITS[size].max_disk_gb}",
            got=sizes.database_disk_gb,
        )
    scales = Feature.DATABASE_AUTOSCALING in available and settings.shards is None
    if scales and size_number(size) >= size_number(sizes.database_max_instance_size):
        yield _error(
            "sizeOverrides.databaseMaxInstanceSize",
            f"Atlas cannot scale an {size} to it",
            f"Allowed: an instance size larger than {size}",
            "pulumi config set --path tierup:sizeOverrides.databaseMaxInstanceSize M80",
            got=sizes.database_max_instance_size,
        )
    if (
        Feature.DATABASE_REGIONS in available
        and settings.database_regions is None
        and settings.region not in NEIGHBOURS
    ):
        yield _error(
            "databaseRegions",
            f"the setting is missing, and tierup has no list of regions near {settings.region}",
            f"Set two regions near {settings.region}",
            "pulumi config set --path 'tierup:databaseRegions[0]' <region>, and [1]",
        )
    if settings.database_regions and settings.region in settings.database_regions:
        yield _error(
            "databaseRegions",
            "the list contains the region of the stack",
            "Allowed: two other regions",
            "pulumi config set --path 'tierup:databaseRegions[0]' <region>",
            got=settings.region,
        )


def _task_counts(settings: Settings) -> Iterator[ConfigError]:
    sizes = settings.sizes
    scales = Feature.AUTOSCALING in features(settings.phase)
    for minimum, maximum, keys in (
        (sizes.tasks, sizes.max_tasks, ("tasks", "maxTasks")),
        (sizes.workers, sizes.max_workers, ("workers", "maxWorkers")),
    ):
        if scales and minimum > maximum:
            yield _error(
                f"sizeOverrides.{keys[1]}",
                f"the maximum is below {keys[0]}",
                f"Allowed: {minimum} ({keys[0]}) or more",
                f"pulumi config set --path tierup:sizeOverrides.{keys[1]} {minimum}",
                got=maximum,
            )
    try:
        check_connections(
            sizes.database_instance_size, pool=sizes.database_max_pool_size, max_tasks=most_clients(settings)
        )
    except ValueError as problem:
        yield _error(
            "sizeOverrides.databaseMaxPoolSize",
            str(problem).rstrip("."),
            "Set a smaller pool, or a larger database",
            "pulumi config set --path tierup:sizeOverrides.databaseMaxPoolSize <connections of a task>",
            got=sizes.database_max_pool_size,
        )


def most_clients(settings: Settings) -> int:
    """Return the highest number of tasks of one release that may connect to the database at the same time."""
    sizes, available = settings.sizes, features(settings.phase)
    service = sizes.max_tasks if Feature.AUTOSCALING in available else sizes.tasks
    scheduled = max((each.max_tasks for each in settings.capacity_schedules.values()), default=0)
    worker = sizes.max_workers if Feature.WORKER in available and settings.worker.enabled else 0
    others = sum(each.max_tasks * len(each.versions) for each in settings.services.values())
    return max(service, scheduled) + worker + others + len(settings.scheduled_tasks)


def _site_names(settings: Settings) -> Iterator[ConfigError]:
    given = settings.further_site_names
    names = [settings.domain, settings.api_host, *given]
    for key, further in (("siteRedirects", settings.site_redirects), ("siteAliases", settings.site_aliases)):
        used = sorted({each for each in further if names.count(each) > 1})
        if used:
            yield _error(
                key,
                "the name is listed twice, or is the name of the site or of the API",
                "Give each further name once",
                f"pulumi config rm --path 'tierup:{key}[0]'",
                got=", ".join(used),
            )
    if len(given) > _MAX_FURTHER_NAMES:
        yield _error(
            "siteAliases",
            "the certificate of the site has too many names with those of tierup:siteRedirects",
            f"Allowed: {_MAX_FURTHER_NAMES} names in both settings",
            "pulumi config rm --path 'tierup:siteAliases[0]'",
            got=len(given),
        )
    if not settings.site_aliases:
        return
    if settings.existing_load_balancer is not None and len(settings.api_hosts) > _MAX_MATCH_VALUES:
        yield _error(
            "siteAliases",
            "the rule on the existing load balancer has a value for each name with tierup:apiPath",
            f"Allowed: {_MAX_MATCH_VALUES - 2} names",
            "pulumi config rm --path 'tierup:siteAliases[0]'",
            got=len(settings.site_aliases),
        )
    if settings.cdn is CdnKind.CLOUDFLARE and len(settings.site_hosts) > max_origins(settings.cloudflare_plan):
        yield _error(
            "siteAliases",
            f"the CORS rules of the names exceed the transform rules of the plan {settings.cloudflare_plan}",
            f"Allowed: {max_origins(settings.cloudflare_plan) - 1} names",
            "pulumi config rm --path 'tierup:siteAliases[0]'",
            got=len(settings.site_aliases),
        )


def _backup_copies(settings: Settings) -> Iterator[ConfigError]:
    if settings.backup_copy_region == settings.region:
        yield _error(
            "backupCopyRegion",
            "the snapshots are in this region",
            "Allowed: another AWS region",
            "pulumi config set tierup:backupCopyRegion REGION",
            got=settings.backup_copy_region,
        )


def _rotation(settings: Settings) -> Iterator[ConfigError]:
    # The value of CacheAuthMode.MIGRATING: the model imports this module.
    if settings.cache_auth.value == "migrating" and settings.rotation.cache % ROTATION_STEPS:
        yield _error(
            "rotation.cache",
            "a rotation of the cache's credentials has not ended, and tierup:cacheAuth is migrating",
            "End the rotation with `tierup rotate cache` before you change tierup:cacheAuth",
            "pulumi config set tierup:cacheAuth token",
            got=settings.rotation.cache,
        )


def _cache(settings: Settings) -> Iterator[ConfigError]:
    sizes, available = settings.sizes, features(settings.phase)
    if Feature.CACHE_FAILOVER in available and sizes.cache_nodes < 2:
        yield _error(
            "sizeOverrides.cacheNodes",
            f"failover in phase {settings.phase} needs a replica",
            "Allowed: 2 or more",
            "pulumi config set --path tierup:sizeOverrides.cacheNodes 2",
            got=sizes.cache_nodes,
        )
    if settings.cluster_mode is ClusterMode.ENABLED and Feature.CACHE_SHARDS not in available:
        yield _error(
            "cacheClusterMode",
            f"phase {settings.phase} has one shard",
            f"Allowed from phase {introduced_in(Feature.CACHE_SHARDS)} on; compatible prepares the cache for it",
            "pulumi config set tierup:cacheClusterMode compatible",
            got=settings.cluster_mode,
        )


def _network(settings: Settings) -> Iterator[ConfigError]:
    if settings.allowed_addresses and settings.existing_load_balancer is not None:
        yield _error(
            "allowedAddresses",
            "the owner of the existing load balancer limits its clients, not this stack",
            "Limit the addresses in the owner's web ACL, or let the stack have its own load balancer",
            "pulumi config rm tierup:allowedAddresses",
            got=", ".join(settings.allowed_addresses),
        )
    private = Feature.PRIVATE_SUBNETS in features(settings.phase)
    if private and settings.nat is NatKind.NONE and settings.image is None:
        yield _error(
            "nat",
            "without NAT private tasks cannot pull the default image, which is in a public registry",
            "Set an image in ECR, which tasks pull through VPC endpoints, or another value of tierup:nat",
            "pulumi config set tierup:image <account>.dkr.ecr.<region>.amazonaws.com/<name>:<tag>",
            got=settings.nat,
        )
    if "nat_instance_type" in settings.model_fields_set and settings.nat_kind is not NatKind.INSTANCE:
        yield _error(
            "natInstanceType",
            f"the setting has no effect with tierup:nat {settings.nat_kind}",
            "Remove it, or choose the NAT instance",
            "pulumi config rm tierup:natInstanceType, or pulumi config set tierup:nat instance",
        )
    if settings.existing_network is not None and settings.nat is not None:
        yield _error(
            "nat",
            "the setting has no effect with tierup:existingNetwork, whose owner provides NAT",
            "Remove it",
            "pulumi config rm tierup:nat",
        )
    fixed = (
        "existingNetwork" if settings.existing_network else "availabilityZones" if settings.availability_zones else ""
    )
    if settings.excluded_zone_ids and fixed:
        yield _error(
            "excludedZoneIds",
            f"the setting has no effect with tierup:{fixed}, which names the zones",
            "Remove it",
            "pulumi config rm tierup:excludedZoneIds",
        )
    if settings.existing_network is not None and private and not settings.existing_network.private_subnet_ids:
        yield _error(
            "existingNetwork.privateSubnetIds",
            f"the setting is missing, and phase {settings.phase} requires it",
            "Set the subnets that reach the internet through NAT, by availability zone",
            "pulumi config set --path tierup:existingNetwork.privateSubnetIds.<zone> subnet-...",
        )


def _kms_key(settings: Settings) -> Iterator[ConfigError]:
    if settings.has_kms_key:
        return
    for key, value in (("databaseKmsKey", settings.database_kms_key), ("kmsKeyUses", settings.kms_key_uses)):
        if value:
            yield _error(
                key,
                f"phase {settings.phase} has no customer managed KMS key",
                f"Allowed with tierup:kmsKey, or from phase {introduced_in(Feature.KMS_KEY)} on",
                "pulumi config set tierup:kmsKey true",
            )


def _client_certificates(settings: Settings) -> Iterator[ConfigError]:
    """The service in front of the load balancer must present a client certificate when mutual TLS is on."""
    behind_cdn = Feature.API_BEHIND_CDN in features(settings.phase)
    certificate = settings.cloudflare_client_certificate
    if certificate is not None and not (behind_cdn and settings.cdn is CdnKind.CLOUDFLARE):
        yield _error(
            "cloudflareClientCertificate",
            f"the setting has no effect with tierup:cdn {settings.cdn} in phase {settings.phase}",
            f"Allowed with cloudflare from phase {introduced_in(Feature.API_BEHIND_CDN)} on, when the API is behind it",
            "pulumi config rm tierup:cloudflareClientCertificate, and rm tierup:cloudflareClientKey",
        )
    if settings.client_certificates is None:
        return
    if settings.existing_load_balancer is not None:
        yield _error(
            "clientCertificates",
            "the stack does not own the listener of tierup:existingLoadBalancer",
            "Configure mutual TLS where the load balancer is defined",
            "pulumi config rm tierup:clientCertificates",
        )
    if behind_cdn and settings.cdn is CdnKind.CLOUDFRONT:
        yield _error(
            "clientCertificates",
            f"in phase {settings.phase} CloudFront connects to the load balancer and presents no client certificate",
            "Allowed in earlier phases, or with tierup:cdn cloudflare, which presents one",
            "pulumi config rm tierup:clientCertificates",
        )
    if behind_cdn and settings.cdn is CdnKind.CLOUDFLARE and certificate is None:
        yield _error(
            "cloudflareClientCertificate",
            "the setting is missing: tierup:clientCertificates makes the load balancer refuse Cloudflare without it",
            "Set the certificate that Cloudflare presents, and its key",
            'pulumi config set tierup:cloudflareClientCertificate -- "$(cat client.pem)", and --secret '
            "tierup:cloudflareClientKey",
        )


def _service_names(settings: Settings) -> Iterator[ConfigError]:
    taken = set(_RESERVED_SERVICE_NAMES)
    for name, service in settings.services.items():
        names = set(service.names(name).values())
        for duplicate in sorted(names & taken):
            owner = (
                "the stack's own service or worker"
                if duplicate in _RESERVED_SERVICE_NAMES
                else "another entry of tierup:services with its version"
            )
            yield _error(
                f"services.{name}",
                f"the service name {duplicate} is taken by {owner}, and both would have the same resources",
                "Choose another name",
                f"pulumi config rm --path tierup:services.{name}",
            )
        taken |= names


def _error_pages(settings: Settings) -> Iterator[ConfigError]:
    pages = settings.site_error_pages.pages().documents
    if not pages:
        return
    cloudflare = settings.cdn is CdnKind.CLOUDFLARE
    if not cloudflare and settings.api_path is not None:
        yield _error(
            "siteErrorPages",
            "the pages would replace errors of the API below tierup:apiPath, too",
            "Serve the API at its own name, or remove the pages",
            "pulumi config rm tierup:siteErrorPages",
            got=", ".join(pages),
        )
    if cloudflare and settings.cloudflare_plan.value == "free":
        yield _error(
            "siteErrorPages",
            "Cloudflare's plan free does not support custom error pages",
            "Use the plan pro, or remove the pages",
            "pulumi config rm tierup:siteErrorPages",
            got=", ".join(pages),
        )


def _site_functions(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for what the chosen CDN cannot do at its edge, and for priorities that maintenance needs."""
    cloudflare = settings.cdn is CdnKind.CLOUDFLARE
    if settings.site_edge_function is not None and cloudflare:
        yield _error(
            "siteEdgeFunction",
            "Cloudflare runs no CloudFront functions",
            "Allowed with tierup:cdn cloudfront; create a Snippet or a Worker in Cloudflare's dashboard",
            "pulumi config rm tierup:siteEdgeFunction",
        )
    if settings.api_path is not None and settings.regions:
        yield _error(
            "apiPath",
            "a stack with several regions serves the API under its own name only",
            "Remove it, or keep one region",
            "pulumi config rm tierup:apiPath",
            got=settings.api_path,
        )
    yield from _error_pages(settings)
    if not settings.maintenance.enabled:
        return
    if settings.maintenance.site and cloudflare and settings.cloudflare_plan.value == "free":
        yield _error(
            "maintenance.site",
            "Cloudflare's plan free cannot answer with a custom page",
            "Set it to false, so that only the API is down, or use the plan pro",
            "pulumi config set --path tierup:maintenance.site false",
        )
    if settings.existing_load_balancer is not None:
        yield _error(
            "maintenance.enabled",
            "the first rules of the existing load balancer belong to its owner",
            "Create the maintenance rule in the owner's program",
            "pulumi config rm --path tierup:maintenance.enabled",
        )
    first = sorted(
        name for name, service in settings.services.items() if 1 in (service.priority, service.select_priority)
    )
    if first:
        yield _error(
            f"services.{first[0]}.priority",
            "the rule of tierup:maintenance has this priority",
            "Allowed: 2 to 50,000",
            f"pulumi config set --path tierup:services.{first[0]}.priority 2",
            got=1,
        )


_MAX_MATCH_VALUES: Final = 5
"""Maximum number of condition values of one listener rule (components/alb/listener_rule.py)."""


def _service_routes(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each route with more values than a listener rule may have: hosts, paths and a header."""
    hosts = len(settings.api_hosts)
    for name, service in settings.services.items():
        most = _MAX_MATCH_VALUES - hosts - (1 if service.select else 0)
        if len(service.paths) > most:
            yield _error(
                f"services.{name}.paths",
                "a listener rule cannot have so many values beside the host names",
                f"Allowed: {most} paths, or a pattern with * for several",
                f"pulumi config set --path 'tierup:services.{name}.paths[0]' '/{name}/*'",
                got=len(service.paths),
            )


def _service_callers(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each caller that does not exist, and for services that call each other in a circle."""
    known = {*_RESERVED_SERVICE_NAMES, *settings.services}
    for name, service in settings.services.items():
        unknown = sorted(set(service.callers or ()).difference(known - {name}))
        if unknown:
            yield _error(
                f"services.{name}.callers",
                "not another service",
                f"Allowed: {', '.join(sorted(known - {name}))}",
                f"pulumi config rm --path tierup:services.{name}.callers",
                got=", ".join(unknown),
            )
            return
    circle = call_order(settings.services)[1]
    if circle:
        yield _error(
            f"services.{circle[0]}.callers",
            "the services call each other in a circle, and a service is created after those that it calls",
            "Remove one of the calls, or send it through a queue",
            f"pulumi config rm --path tierup:services.{circle[0]}.callers",
            got=", ".join(circle),
        )


def call_order(services: Mapping[str, ServiceConfig]) -> tuple[list[str], list[str]]:
    """Return the services, each after those that it calls, and the services in a circle."""
    calls = {name: {each for each in services if name in (services[each].callers or ())} for name in services}
    order: list[str] = []
    while rest := [name for name in services if name not in order]:
        ready = [name for name in rest if calls[name] <= set(order)]
        if not ready:
            return order, rest
        order += ready
    return order, []


def _scheduled_tasks(settings: Settings) -> Iterator[ConfigError]:
    taken = {*_RESERVED_SERVICE_NAMES, *_names_of_services(settings)}
    for name in sorted(taken.intersection(settings.scheduled_tasks)):
        yield _error(
            f"scheduledTasks.{name}",
            "a service has the same name, and both would have the same resources",
            "Choose another name",
            f"pulumi config rm --path tierup:scheduledTasks.{name}",
        )


def _names_of_services(settings: Settings) -> Iterator[str]:
    for name, service in settings.services.items():
        yield from (name, *service.names(name).values())


def app_secret_errors(settings: Settings, names: Collection[str]) -> Iterator[ConfigError]:
    """Yield an error for each service that names a secret which is not among those of tierup:appSecrets."""
    for name, service in settings.services.items():
        unknown = sorted(set(service.app_secrets).difference(names))
        if unknown:
            yield _error(
                f"services.{name}.appSecrets",
                "not keys of tierup:appSecrets",
                "Remove them here, or add them there",
                f"pulumi config set --secret --path tierup:appSecrets.{unknown[0]}",
                got=", ".join(unknown),
            )


def alert_webhook_errors(settings: Settings, names: Collection[str]) -> Iterator[ConfigError]:
    """Yield an error for each route with a webhook that is not among those of tierup:alertWebhooks."""
    routes = settings.alert_routes
    for severity, route in (("page", routes.page), ("ticket", routes.ticket)) if routes else ():
        unknown = sorted(set(route.webhooks).difference(names))
        if unknown:
            yield _error(
                f"alertRoutes.{severity}.webhooks",
                "not keys of tierup:alertWebhooks",
                "Remove them here, or add them there",
                f"pulumi config set --secret --path tierup:alertWebhooks.{unknown[0]}",
                got=", ".join(unknown),
            )


_VENDOR_SECRETS: Final = {
    MonitoringVendor.DATADOG: "datadogApiKey",
    MonitoringVendor.NEWRELIC: "newRelicLicenseKey",
}
"""The secret that each vendor's agent or metric stream needs."""


def vendor_errors(settings: Settings, given: Collection[str]) -> Iterator[ConfigError]:
    """Yield an error for each vendor without its secret, and for each vendor's settings without the vendor.

    `given` holds the keys of the secrets that are set, without the namespace.
    """
    for vendor, secret in _VENDOR_SECRETS.items():
        if vendor in settings.monitoring and secret not in given:
            yield _error(
                secret,
                f"the setting is missing, and tierup:monitoring {vendor} requires it",
                "Set the key of your account",
                f"pulumi config set --secret tierup:{secret}",
            )
    for vendor in (MonitoringVendor.DATADOG, MonitoringVendor.NEWRELIC):
        if vendor in settings.monitoring and settings.uses_hosts:
            yield _error(
                "monitoring",
                "the vendor monitors the load balancer and the services on AWS, and the stack uses other hosts",
                "Allowed when frontend and API are on AWS alone",
                "pulumi config rm tierup:monitoring",
                got=vendor,
            )
    if MonitoringVendor.NEWRELIC in settings.monitoring and settings.new_relic is None:
        yield _error(
            "newRelic",
            "the setting is missing, and tierup:monitoring newrelic requires it",
            "Set the id of your account",
            """pulumi config set tierup:newRelic '{"accountId": "1234567"}'""",
        )
    if MonitoringVendor.SENTRY in settings.monitoring and settings.sentry is None:
        yield _error(
            "sentry",
            "the setting is missing, and tierup:monitoring sentry requires it",
            "Set the slug of your organization",
            "pulumi config set --path tierup:sentry.organization example",
        )
    if MonitoringVendor.SENTRY in settings.monitoring and "sentryDsn" in given:
        yield _error(
            "sentryDsn",
            "the stack creates a project in Sentry and uses its DSN, because tierup:monitoring contains sentry",
            "Remove one of the two",
            "pulumi config rm tierup:sentryDsn",
        )
    for vendor, key, value in (
        (MonitoringVendor.DATADOG, "datadog", settings.datadog),
        (MonitoringVendor.NEWRELIC, "newRelic", settings.new_relic),
        (MonitoringVendor.SENTRY, "sentry", settings.sentry),
    ):
        if value is not None and vendor not in settings.monitoring:
            yield _error(
                key,
                f"the setting has no effect, because tierup:monitoring does not contain {vendor}",
                f"Remove it, or choose {vendor}",
                f"pulumi config rm tierup:{key}, or pulumi config set --path 'tierup:monitoring[0]' {vendor}",
            )


def _backup_compliance(settings: Settings) -> Iterator[ConfigError]:
    if settings.database_backup_compliance is not None and not settings.protect:
        yield _error(
            "databaseBackupCompliance",
            "nobody can delete a project with a backup compliance policy, and tierup:protect is false",
            "Allowed when tierup:protect is true",
            "pulumi config set tierup:protect true, or pulumi config rm tierup:databaseBackupCompliance",
        )


_CONTAINERS_ON_ECS: Final = {
    "sidecars": "a pod has one container",
    "log_router": "a pod has one container, and the add-on of CloudWatch collects its logs",
    "repository_credentials": "nodes pull images with their own role",
    "pull_through_cache": "the role of nodes cannot import images",
    "open_files": "Kubernetes has no such limit",
}
"""Fields of a container's configuration that pods do not have, with the reason."""
_FIRST_UNPRIVILEGED_PORT: Final = 1_024
_NODE_DAYS: Final = 15
"""The lifetime of a node and its draining (components/kubernetes/node_pool.py, whose import takes seconds)."""


def _orchestrator(settings: Settings) -> Iterator[ConfigError]:
    """Yield what pods on EKS do not support."""
    changed = settings.model_dump(by_alias=True, exclude_unset=True, exclude_defaults=True)
    if not settings.runs_pods:
        if "eksTrafficPercent" in changed:
            yield _error(
                "eksTrafficPercent",
                "the setting has no effect when tierup:orchestrator is ecs",
                "Remove it, or choose another orchestrator",
                "pulumi config rm tierup:eksTrafficPercent",
                got=settings.eks_traffic_percent,
            )
        return
    if settings.runs_tasks is False and "eksTrafficPercent" in changed:
        yield _error(
            "eksTrafficPercent",
            "the setting has no effect when tierup:orchestrator is eks: pods get every request",
            "Remove it",
            "pulumi config rm tierup:eksTrafficPercent",
            got=settings.eks_traffic_percent,
        )
    if not settings.eks.admin_roles:
        yield _error(
            "eks.adminRoles",
            "the setting is missing: without an access entry nobody can use the Kubernetes API, not even `up`",
            "Set the ARNs of the IAM roles that administer the cluster, the role that runs `up` among them",
            "pulumi config set --path 'tierup:eks.adminRoles[0]' arn:aws:iam::<account>:role/<name>",
        )
    for key, given, why in (
        ("existingNetwork", settings.existing_network, "the address ranges of its subnets are not known"),
        ("existingLoadBalancer", settings.existing_load_balancer, "pods need further priorities on its listener"),
        ("regions", settings.regions, "pods run in the region of the stack only"),
        ("capacitySchedules", settings.capacity_schedules, "Kubernetes has no scheduled limits of autoscaling"),
        ("openTelemetryConfig", settings.open_telemetry_config, "the collector is a sidecar of ECS tasks"),
        (
            "worker.scaleOnQueue",
            None if settings.eks.keda else settings.worker.scale_on_queue,
            "without tierup:eks.keda, pods of the worker scale on CPU and memory only",
        ),
        ("backend.volumes", settings.backend.volumes, "pods have no volumes of EFS"),
        *(
            (f"services.{name}.volumes", service.volumes, "pods have no volumes of EFS")
            for name, service in settings.services.items()
        ),
    ):
        if given:
            yield _error(
                key,
                f"the setting does not work with tierup:orchestrator {settings.orchestrator}: {why}",
                "Remove it, or choose ecs",
                f"pulumi config rm --path tierup:{key}, or pulumi config set tierup:orchestrator ecs",
            )
    # The value of DeploymentMode.ROLLING: the model imports this module.
    if settings.deployment.value != "rolling":
        yield _error(
            "deployment",
            f"ECS may serve from either target group of blue/green deployments, and tierup:orchestrator "
            f"{settings.orchestrator} divides the requests with the first one",
            "Allowed: rolling",
            "pulumi config set tierup:deployment rolling",
            got=settings.deployment,
        )
    for key, container in _containers_of_pods(settings).items():
        for field, why in _CONTAINERS_ON_ECS.items():
            if getattr(container, field):
                name = to_camel(field)
                yield _error(
                    f"{key}.{name}",
                    f"the setting does not work with tierup:orchestrator {settings.orchestrator}: {why}",
                    "Remove it, or choose ecs",
                    f"pulumi config rm --path tierup:{key}.{name}",
                )
    yield from _pod_services(settings)
    yield from _pod_jobs(settings)
    if 0 < settings.rotation_days <= _NODE_DAYS:
        yield _error(
            "rotationDays",
            "pods read the signing keys when they start, at the latest after "
            f"{_NODE_DAYS} days, when Auto Mode replaces their node",
            f"Allowed: 0, or {_NODE_DAYS + 1} and more",
            f"pulumi config set tierup:rotationDays {_NODE_DAYS + 1}",
            got=settings.rotation_days,
        )
    for key, served in {
        "backend": settings.backend,
        **{f"services.{name}": each for name, each in settings.services.items()},
    }.items():
        if served.port < _FIRST_UNPRIVILEGED_PORT:
            yield _error(
                f"{key}.port",
                "restricted pods have no right to listen on a port below 1,024",
                "Allowed: 1,024 or more",
                f"pulumi config set --path tierup:{key}.port 5000",
                got=served.port,
            )


def _containers_of_pods(settings: Settings) -> dict[str, ContainerConfig]:
    """Return the containers that pods run, by the path of their setting."""
    containers: dict[str, ContainerConfig] = {"backend": settings.backend, "worker": settings.worker}
    containers |= {f"services.{name}": each for name, each in settings.services.items()}
    if not settings.runs_tasks:
        containers |= {f"scheduledTasks.{name}": each for name, each in settings.scheduled_tasks.items()}
        containers |= {"releaseTask": settings.release_task} if settings.release_task is not None else {}
    return containers


_MAX_VERSIONS_OF_BOTH: Final = 2
"""Versions of a service with tasks and pods: a forward action has at most five target groups."""


def _pod_services(settings: Settings) -> Iterator[ConfigError]:
    """Yield what pods of tierup:services do not support."""
    for name, service in settings.services.items():
        for field, given, why in (
            ("deployment", service.deployment, "ECS moves the requests of a deployment with its own rule"),
            ("requestTimeoutSeconds", service.request_timeout_seconds, "a Kubernetes Service has no time-outs"),
        ):
            if given is not None:
                yield _error(
                    f"services.{name}.{field}",
                    f"the setting does not work with tierup:orchestrator {settings.orchestrator}: {why}",
                    "Remove it, or choose ecs",
                    f"pulumi config rm --path tierup:services.{name}.{field}",
                    got=given,
                )
        if settings.runs_tasks and len(service.versions) > _MAX_VERSIONS_OF_BOTH:
            yield _error(
                f"services.{name}.weights",
                "tasks and pods of each version have a target group, and a listener rule has at most five",
                f"Allowed with tierup:orchestrator {settings.orchestrator}: {_MAX_VERSIONS_OF_BOTH} versions",
                f"pulumi config rm --path tierup:services.{name}.weights",
                got=len(service.versions),
            )


def _pod_jobs(settings: Settings) -> Iterator[ConfigError]:
    """Yield what CronJobs do not support. While tasks run as well, the schedules stay on ECS."""
    if settings.runs_tasks:
        return
    for name, task in settings.scheduled_tasks.items():
        try:
            kubernetes_schedule(task.schedule)
        except ValueError as error:
            yield _error(
                f"scheduledTasks.{name}.schedule",
                str(error).removeprefix("schedule: ").rstrip("."),
                "tierup:orchestrator ecs has all schedules of AWS",
                f"pulumi config set --path tierup:scheduledTasks.{name}.schedule 'rate(1 day)'",
            )
        if task.window_minutes:
            yield _error(
                f"scheduledTasks.{name}.windowMinutes",
                "a CronJob starts at its time and has no window",
                "Remove it",
                f"pulumi config rm --path tierup:scheduledTasks.{name}.windowMinutes",
                got=task.window_minutes,
            )
        if task.on_spot and not settings.spot_percent:
            yield _error(
                f"scheduledTasks.{name}.onSpot",
                "the nodes of the cluster are on demand",
                "Remove it, or set tierup:spotPercent",
                f"pulumi config rm --path tierup:scheduledTasks.{name}.onSpot",
                got="true",
            )
