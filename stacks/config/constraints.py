"""What phase, tier and single settings cannot be together, told before anything is made: one function a reason.

A tier's row may fit in one phase and not in another. Small cannot be enterprise: that phase shards the database, which
Atlas does from M30 on, and small's is an M10 (`tierup:sizeOverrides.databaseInstanceSize` may say otherwise).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from components.atlas.instance_limits import LIMITS, SMALLEST_SHARDED, check_connections, size_number
from components.cdn.provider import CdnKind
from components.cloudflare.plan import LIMITS as CLOUDFLARE_LIMITS
from components.elasticache.replication_group import ClusterMode
from components.vpc.nat import NatKind
from stacks.catalog.phases import Feature, features, introduced_in
from stacks.catalog.regions import NEIGHBOURS
from stacks.config.errors import ConfigError

if TYPE_CHECKING:
    from stacks.config.model import Settings

_NEEDS: Final = (
    ("nat", Feature.PRIVATE_SUBNETS, "tasks before it have public addresses, and no NAT"),
    ("deployment", Feature.BLUE_GREEN, "the load balancer's half of blue/green comes with it"),
    ("spotPercent", Feature.AUTOSCALING, "where Spot goes away, others must come"),
    ("capacitySchedules", Feature.AUTOSCALING, "a schedule sets autoscaling's bounds"),
    ("workerCommand", Feature.WORKER, "there is no worker before"),
    ("cacheAuth", Feature.CACHE, "there is no cache before"),
    ("cacheClusterMode", Feature.CACHE_FAILOVER, "shards need a replica that takes over"),
    ("pauseDatabaseAutoscaling", Feature.DATABASE_AUTOSCALING, "nothing scales before"),
    ("databaseRegions", Feature.DATABASE_REGIONS, "the database is in one region before"),
    ("services", Feature.SERVICES, "there is one service before"),
)
"""Settings of blocks: key, block, why it means nothing without."""


_OWN_SERVICES: Final = frozenset({"backend", "worker"})
"""What every stack calls its service and, whether or not it has one, its worker."""


def constraint_errors(settings: Settings) -> Iterator[ConfigError]:
    """Every fault of settings that are each right by themselves."""
    yield from _too_early(settings)
    yield from _of_the_other_cdn(settings)
    yield from _database(settings)
    yield from _bounds(settings)
    yield from _cache(settings)
    yield from _ways_out(settings)
    yield from _own_key(settings)
    yield from _client_certificates(settings)
    yield from _service_names(settings)
    yield from _scheduled(settings)
    yield from _compliance(settings)
    if settings.existing_load_balancer is not None and settings.existing_network is None:
        yield _fault(
            "existingLoadBalancer",
            "is set without tierup:existingNetwork. Needed: the network that the load balancer is in, because it sends "
            "to no task outside its VPC",
            "pulumi config set --path tierup:existingNetwork.vpcId vpc-..., and its subnets and route tables",
        )


def _fault(key: str, problem: str, remedy: str) -> ConfigError:
    return ConfigError(key=f"tierup:{key}", problem=problem, remedy=remedy)


def _too_early(settings: Settings) -> Iterator[ConfigError]:
    changed = settings.model_dump(by_alias=True, exclude_unset=True, exclude_defaults=True)
    for key, block, why in _NEEDS:
        if key in changed and block not in features(settings.phase):
            first = introduced_in(block)
            yield _fault(
                key,
                f"is set in phase {settings.phase}. Allowed: from phase {first} on, which brings {block} ({why})",
                f"pulumi config set tierup:phase {first}, or pulumi config rm tierup:{key}",
            )


def _of_the_other_cdn(settings: Settings) -> Iterator[ConfigError]:
    if settings.cdn is CdnKind.CLOUDFLARE:
        if settings.cloudflare_zone_id is None:
            yield _fault(
                "cloudflareZoneId",
                "is missing. Needed with tierup:cdn cloudflare: the zone's id (Cloudflare, the domain's Overview)",
                "pulumi config set tierup:cloudflareZoneId 0123456789abcdef0123456789abcdef",
            )
        if settings.waf_mode == "count" and not CLOUDFLARE_LIMITS[settings.cloudflare_plan].log_action:
            yield _fault(
                "wafMode",
                f"is count on Cloudflare's plan {settings.cloudflare_plan}. Allowed: block; only enterprise can log "
                "and let pass",
                "pulumi config set tierup:wafMode block",
            )
    unused = (
        {"cloudflareZoneId": settings.cloudflare_zone_id}
        if settings.cdn is CdnKind.CLOUDFRONT
        else {"hostedZoneId": settings.hosted_zone_id, "edgeCertificateArn": settings.edge_certificate_arn}
    )
    for key, value in unused.items():
        if value is not None:
            yield _fault(
                key,
                f"is set, and tierup:cdn is {settings.cdn}, which does not use it",
                f"pulumi config rm tierup:{key}",
            )


def _database(settings: Settings) -> Iterator[ConfigError]:
    sizes, has = settings.sizes, features(settings.phase)
    size = sizes.database_instance_size
    if settings.shards is not None and size_number(size) < size_number(SMALLEST_SHARDED):
        yield _fault(
            "tier",
            f"is {settings.tier} in phase {settings.phase}, whose database is sharded, and {settings.tier}'s is an "
            f"{size}. Allowed: {SMALLEST_SHARDED} or larger, says Atlas",
            "pulumi config set tierup:tier medium, or pulumi config set --path "
            f"tierup:sizeOverrides.databaseInstanceSize {SMALLEST_SHARDED}",
        )
    if sizes.database_disk_gb > LIMITS[size].max_disk_gb:
        yield _fault(
            "sizeOverrides.databaseDiskGb",
            f"is {sizes.database_disk_gb} with an {size}. Allowed: up to {LIMITS[size].max_disk_gb}",
            f"pulumi config set --path tierup:sizeOverrides.databaseDiskGb {LIMITS[size].max_disk_gb}",
        )
    scales = Feature.DATABASE_AUTOSCALING in has and settings.shards is None
    if scales and size_number(size) >= size_number(sizes.database_max_instance_size):
        yield _fault(
            "sizeOverrides.databaseMaxInstanceSize",
            f"is {sizes.database_max_instance_size} with an {size}. Allowed: a larger size than the one that it starts "
            "from",
            "pulumi config set --path tierup:sizeOverrides.databaseMaxInstanceSize M80",
        )
    if Feature.DATABASE_REGIONS in has and settings.database_regions is None and settings.region not in NEIGHBOURS:
        yield _fault(
            "databaseRegions",
            f"is missing. Needed: two regions near {settings.region}, for which none are known",
            "pulumi config set --path 'tierup:databaseRegions[0]' <region>, and [1]",
        )
    if settings.database_regions and settings.region in settings.database_regions:
        yield _fault(
            "databaseRegions",
            f"holds {settings.region}, where the stack is. Allowed: two others",
            "pulumi config set --path 'tierup:databaseRegions[0]' <region>",
        )


def _bounds(settings: Settings) -> Iterator[ConfigError]:
    sizes = settings.sizes
    scales = Feature.AUTOSCALING in features(settings.phase)
    for least, most, keys in (
        (sizes.tasks, sizes.max_tasks, ("tasks", "maxTasks")),
        (sizes.workers, sizes.max_workers, ("workers", "maxWorkers")),
    ):
        if scales and least > most:
            yield _fault(
                f"sizeOverrides.{keys[1]}",
                f"is {most}. Allowed: {least} ({keys[0]}) or more",
                f"pulumi config set --path tierup:sizeOverrides.{keys[1]} {least}",
            )
    try:
        check_connections(
            sizes.database_instance_size, pool=sizes.database_max_pool_size, max_tasks=most_clients(settings)
        )
    except ValueError as problem:
        yield _fault(
            "sizeOverrides.databaseMaxPoolSize",
            f"is {sizes.database_max_pool_size}: {problem}",
            "pulumi config set --path tierup:sizeOverrides.databaseMaxPoolSize <connections of a task>",
        )


def most_clients(settings: Settings) -> int:
    """The most tasks that may be connected to the database at once, of one release."""
    sizes, has = settings.sizes, features(settings.phase)
    service = sizes.max_tasks if Feature.AUTOSCALING in has else sizes.tasks
    scheduled = max((each.max_tasks for each in settings.capacity_schedules.values()), default=0)
    worker = sizes.max_workers if Feature.WORKER in has and settings.worker else 0
    others = sum(each.max_tasks * len(each.versions) for each in settings.services.values())
    return max(service, scheduled) + worker + others + len(settings.scheduled_tasks)


def _cache(settings: Settings) -> Iterator[ConfigError]:
    sizes, has = settings.sizes, features(settings.phase)
    if Feature.CACHE_FAILOVER in has and sizes.cache_nodes < 2:
        yield _fault(
            "sizeOverrides.cacheNodes",
            f"is {sizes.cache_nodes} in phase {settings.phase}. Allowed: 2 or more, or no node could take over",
            "pulumi config set --path tierup:sizeOverrides.cacheNodes 2",
        )
    if settings.cluster_mode is ClusterMode.ENABLED and Feature.CACHE_SHARDS not in has:
        yield _fault(
            "cacheClusterMode",
            f"is enabled in phase {settings.phase}. Allowed: from phase {introduced_in(Feature.CACHE_SHARDS)} on; "
            "compatible prepares it",
            "pulumi config set tierup:cacheClusterMode compatible",
        )


def _ways_out(settings: Settings) -> Iterator[ConfigError]:
    private = Feature.PRIVATE_SUBNETS in features(settings.phase)
    if private and settings.nat is NatKind.NONE and settings.image is None:
        yield _fault(
            "nat",
            "is none, and the first image is a public one, which private tasks could not pull. Allowed: none with an "
            "image in ECR, which comes through endpoints",
            "pulumi config set tierup:image <account>.dkr.ecr.<region>.amazonaws.com/<name>:<tag>",
        )
    if settings.existing_network is not None and settings.nat is not None:
        yield _fault(
            "nat", "is set with tierup:existingNetwork, whose owner provides NAT", "pulumi config rm tierup:nat"
        )
    if settings.existing_network is not None and private and not settings.existing_network.private_subnet_ids:
        yield _fault(
            "existingNetwork.privateSubnetIds",
            f"is missing. Needed in phase {settings.phase}: subnets with a way out through NAT, by zone",
            "pulumi config set --path tierup:existingNetwork.privateSubnetIds.<zone> subnet-...",
        )


def _own_key(settings: Settings) -> Iterator[ConfigError]:
    if settings.has_kms_key:
        return
    for key, asked in (("databaseKmsKey", settings.database_kms_key), ("kmsKeyUses", settings.kms_key_uses)):
        if asked:
            yield _fault(
                key,
                f"is set in phase {settings.phase}, which has no key of its own. Allowed: with tierup:kmsKey, or "
                f"from phase {introduced_in(Feature.KMS_KEY)} on",
                "pulumi config set tierup:kmsKey true",
            )


def _client_certificates(settings: Settings) -> Iterator[ConfigError]:
    """Whoever stands directly before the load balancer has to show one."""
    behind = Feature.API_BEHIND_CDN in features(settings.phase)
    shown = settings.cloudflare_client_certificate
    if shown is not None and not (behind and settings.cdn is CdnKind.CLOUDFLARE):
        yield _fault(
            "cloudflareClientCertificate",
            f"is set with tierup:cdn {settings.cdn} in phase {settings.phase}. Allowed: with cloudflare, from phase "
            f"{introduced_in(Feature.API_BEHIND_CDN)} on, when the API is behind it",
            "pulumi config rm tierup:cloudflareClientCertificate, and rm tierup:cloudflareClientKey",
        )
    if settings.client_certificates is None:
        return
    if settings.existing_load_balancer is not None:
        yield _fault(
            "clientCertificates",
            "is set with tierup:existingLoadBalancer, whose owner decides on its listener",
            "pulumi config rm tierup:clientCertificates",
        )
    if behind and settings.cdn is CdnKind.CLOUDFRONT:
        yield _fault(
            "clientCertificates",
            f"is set in phase {settings.phase}, where CloudFront stands before the load balancer and shows no "
            "certificate. Allowed: before that phase, or with tierup:cdn cloudflare, which can",
            "pulumi config rm tierup:clientCertificates",
        )
    if behind and settings.cdn is CdnKind.CLOUDFLARE and shown is None:
        yield _fault(
            "cloudflareClientCertificate",
            "is missing. Needed with tierup:clientCertificates behind Cloudflare, which the load balancer would turn "
            "away without one",
            'pulumi config set tierup:cloudflareClientCertificate -- "$(cat client.pem)", and --secret '
            "tierup:cloudflareClientKey",
        )


def _service_names(settings: Settings) -> Iterator[ConfigError]:
    taken = set(_OWN_SERVICES)
    for name, wanted in settings.services.items():
        called = set(wanted.names(name).values())
        for twice in sorted(called & taken):
            whose = "the stack's own" if twice in _OWN_SERVICES else "another's of tierup:services, with its version"
            yield _fault(
                f"services.{name}",
                f"makes a service called {twice}, which is {whose}. Allowed: another name, for both would have the "
                "same resources",
                f"pulumi config rm --path tierup:services.{name}",
            )
        taken |= called


def _scheduled(settings: Settings) -> Iterator[ConfigError]:
    taken = {*_OWN_SERVICES, *_other_services(settings)}
    for name in sorted(taken.intersection(settings.scheduled_tasks)):
        yield _fault(
            f"scheduledTasks.{name}",
            "has the name of a service. Allowed: another, for both would have the same resources",
            f"pulumi config rm --path tierup:scheduledTasks.{name}",
        )


def _other_services(settings: Settings) -> Iterator[str]:
    for name, wanted in settings.services.items():
        yield from (name, *wanted.names(name).values())


def _compliance(settings: Settings) -> Iterator[ConfigError]:
    if settings.database_backup_compliance is not None and not settings.protect:
        yield _fault(
            "databaseBackupCompliance",
            "is set with tierup:protect false. Allowed: with true; a project with it cannot be deleted again",
            "pulumi config set tierup:protect true, or pulumi config rm tierup:databaseBackupCompliance",
        )
