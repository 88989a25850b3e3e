"""The order rules: changes of settings that take more than one `up`, and changes that no `up` may make.

A new stack can start with any valid settings. On an existing stack, some changes are refused by a cloud, interrupt
users or lose data when one `up` makes them at once. `ORDER_RULES` is the table of those that are possible in steps:
when a rule applies to a change (settings before → settings after), the next step has the values of `instead` and the
change continues from there. `FORBIDDEN_CHANGES` is the table of those that are not possible on an existing stack, and
`KEPT_SETTINGS` of values that a change of tier or phase must not lower.

`tierup switch` makes its steps from these tables, and the program refuses an `up` to which one of the first two
applies (`transition_errors`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic.alias_generators import to_camel

from components.atlas.instance_limits import LIMITS
from components.cdn.provider import CdnKind
from components.elasticache.topology import ClusterMode
from stacks.catalog.hosts import BackendHost, FrontendHost
from stacks.catalog.phases import Feature, features
from stacks.config.errors import ConfigError, setting_error
from stacks.config.model import CacheAuthMode, DeploymentMode, Orchestrator, OriginLock, Settings

_Applies = Callable[[Settings, Settings], bool]

_ATLAS_CLUSTER: Final = "https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/"
_LIMITS: Final = "docs/reference/limits.md"

_SETTLE_SECONDS: Final = 120
"""The TTL of the API's name and the keep-alive of the load balancer, 60 s each (stacks/resources/ingress.py)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A value of OrderRule.instead that comes from the settings before the change."""

    description: str
    of: Callable[[Settings], Any]
    """Returns the value in the settings before the change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRule:
    """A change that takes more than one `up`."""

    id: str
    setting: str
    """The setting that a refused `up` names, without its namespace."""
    applies: _Applies
    """Whether one `up` would make the change at once, given the settings before and after."""
    instead: Mapping[str, Any]
    """Path below `tierup:` → value in the next step. The path of a size is `sizeOverrides.<size>`."""
    does: str
    """What the step does, as a phrase in the imperative."""
    why: str
    """What would happen in a single `up`, as a sentence."""
    source: str
    from_before: bool = False
    """Whether the step changes only the settings of `instead`, and everything else later."""
    settle_seconds: int = 0
    """How long the next step waits on real accounts: for cached DNS answers and open connections."""

    def values(self, before: Settings) -> Mapping[str, Any]:
        """Return the values of the next step, by path below `tierup:`."""
        return {path: value.of(before) if isinstance(value, Held) else value for path, value in self.instead.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class ForbiddenChange:
    """A change that is not possible on an existing stack."""

    id: str
    setting: str
    applies: _Applies
    why: str
    alternative: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptSetting:
    """A value that stays as it is when a change of tier or phase would lower it, unless it is set explicitly."""

    id: str
    path: str
    applies: _Applies
    value: Callable[[Settings, Settings], Any]
    why: str
    source: str


# --- what the conditions read ---


def _has(settings: Settings, feature: Feature) -> bool:
    return feature in features(settings.phase)


def _had_cache(before: Settings, after: Settings) -> bool:
    return _has(before, Feature.CACHE) and _has(after, Feature.CACHE)


def _names_snapshot(before: Settings, after: Settings) -> bool:
    """Whether a change names a snapshot that a new cache starts from."""
    return after.cache_snapshot_name not in (None, before.cache_snapshot_name)


def _is_locked(settings: Settings) -> bool:
    """Whether the load balancer accepts only the CDN."""
    return _has(settings, Feature.API_BEHIND_CDN) and settings.origin_lock is OriginLock.ON


def _scales(settings: Settings) -> bool:
    """Whether Atlas scales the database automatically."""
    enabled = _has(settings, Feature.DATABASE_AUTOSCALING) and settings.shards is None
    return enabled and not settings.pause_database_autoscaling


def _database_size(settings: Settings) -> tuple[str, int]:
    return settings.sizes.database_instance_size, settings.sizes.database_disk_gb


def _becomes_sharded(before: Settings, after: Settings) -> bool:
    return before.shards is None and after.shards is not None


def _uses_effective_fields(settings: Settings) -> bool:
    return settings.shards is None and settings.database_effective_fields


_SHARDS_BEFORE: Final = Held("the number of shards before the change", lambda before: before.sizes.database_shards)


def _rotation_rules() -> Iterator[OrderRule]:
    """Yield the rules that divide a rotation into its steps, forward and back."""
    servers = {
        "database": ("database", "docs/how-to/rotate-credentials.md"),
        "cache": ("cache", "docs/how-to/rotate-credentials.md"),
        "origin_key": ("load balancer", "docs/how-to/rotate-credentials.md"),
    }
    for field, (server, source) in servers.items():
        path = f"rotation.{to_camel(field)}"

        def steps(settings: Settings, field: str = field) -> int:
            return int(getattr(settings.rotation, field))

        yield OrderRule(
            id=f"rotation-of-{field.replace('_', '-')}",
            setting=path,
            applies=lambda before, after, steps=steps: steps(after) - steps(before) > 1,
            instead={path: Held("one step more", lambda before, steps=steps: steps(before) + 1)},
            from_before=True,
            does=f"Rotate one step. The {server} accepts the new credential too, then clients use it, then the "
            f"{server} no longer accepts the old one.",
            why=f"Running clients would use a credential that the {server} does not accept.",
            source=source,
        )
        yield OrderRule(
            id=f"rotation-of-{field.replace('_', '-')}-back",
            setting=path,
            applies=lambda before, after, steps=steps: steps(before) - steps(after) > 1,
            instead={path: Held("one step less", lambda before, steps=steps: steps(before) - 1)},
            from_before=True,
            does="Take one step of a rotation back.",
            why=f"Running clients would use a credential that the {server} does not accept.",
            source=source,
        )


# --- the tables ---

_DRAIN_SECONDS: Final = 60
"""The deregistration delay of the target groups, 30 s (components/alb/target_group.py), and a margin for the change of
a rule to reach every node of the load balancer."""
_DIVIDED: Final = "components/eks/pod_targets.py; docs/adr/0016-eks-auto-mode.md"


def _orchestrator_rules() -> tuple[OrderRule, ...]:
    """Return the rules that move requests between ECS and EKS while both run."""
    return (
        OrderRule(
            id="pods-start-without-requests",
            setting="orchestrator",
            applies=lambda before, after: not before.runs_pods and after.pod_percent > 0,
            instead={"orchestrator": "ecs-and-eks", "eksTrafficPercent": 0},
            does="Create the EKS cluster and its pods, which get only requests with the test header.",
            why="Pods would get requests before their first health check, and tasks would stop before pods serve.",
            source=_DIVIDED,
        ),
        OrderRule(
            id="pods-serve-before-tasks-stop",
            setting="eksTrafficPercent",
            applies=lambda before, after: (
                before.orchestrator is Orchestrator.BOTH
                and before.eks_traffic_percent < 100
                and after.orchestrator is Orchestrator.EKS
            ),
            instead={"orchestrator": "ecs-and-eks", "eksTrafficPercent": 100},
            settle_seconds=_DRAIN_SECONDS,
            does="Send every request to the pods, while the tasks of ECS still run.",
            why="Requests that tasks are answering would fail.",
            source=_DIVIDED,
        ),
        OrderRule(
            id="tasks-start-without-requests",
            setting="orchestrator",
            applies=lambda before, after: not before.runs_tasks and after.pod_percent < 100,
            instead={"orchestrator": "ecs-and-eks", "eksTrafficPercent": 100},
            from_before=True,
            does="Create the ECS services again, while the pods still get every request.",
            why="Tasks would get requests before they run.",
            source=_DIVIDED,
        ),
        OrderRule(
            id="tasks-serve-before-pods-stop",
            setting="eksTrafficPercent",
            applies=lambda before, after: (
                before.orchestrator is Orchestrator.BOTH and before.eks_traffic_percent > 0 and not after.runs_pods
            ),
            instead={"eksTrafficPercent": 0},
            from_before=True,
            settle_seconds=_DRAIN_SECONDS,
            does="Send every request to the tasks of ECS, while the pods still run.",
            why="Requests that pods are answering would fail.",
            source=_DIVIDED,
        ),
    )


_HOSTS: Final = "docs/how-to/start-on-managed-hosts.md"


def _host_rules() -> Iterator[OrderRule]:
    """Yield the rules that move a part between AWS and a managed host: both run until DNS points at the new one."""
    parts: Mapping[str, type[FrontendHost] | type[BackendHost]] = {"frontend": FrontendHost, "backend": BackendHost}

    def of(part: str, name: str) -> Callable[[Settings], str | None]:
        def value(settings: Settings) -> str | None:
            found = getattr(settings, f"{part}_{name}")
            return None if found is None else str(found)

        return value

    def moves(part: str) -> _Applies:
        return lambda before, after: of(part, "host")(before) != of(part, "host")(after)

    yield OrderRule(
        id="phase-before-hosts",
        setting="phase",
        applies=lambda before, after: (
            before.phase is not after.phase and after.uses_hosts and any(moves(part)(before, after) for part in parts)
        ),
        instead={f"{part}Host": Held("the host before the change", of(part, "host")) for part in parts}
        | {f"{part}Standby": Held("the standby before the change", of(part, "standby")) for part in parts},
        does="Change everything else while the stack is still on AWS.",
        why="A host has none of what the earlier phase adds, so its parts would be deleted while they serve.",
        source=_HOSTS,
    )
    for part, hosts in parts.items():
        host, standby, moved = of(part, "host"), of(part, "standby"), moves(part)
        upload = " Upload the site to it before the next step." if part == "frontend" else ""
        yield OrderRule(
            id=f"{part}-between-hosts-over-aws",
            setting=f"{part}Host",
            applies=lambda before, after, host=host, moved=moved: (
                moved(before, after) and "aws" not in (host(before), host(after))
            ),
            instead={f"{part}Host": "aws", f"{part}Standby": None},
            does=f"Move the {part} to AWS first.",
            why="A stack has at most one host outside AWS, so the old one would be deleted before the new one serves.",
            source=_HOSTS,
        )
        for new in hosts:
            yield OrderRule(
                id=f"{part}-starts-on-{new}-without-requests",
                setting=f"{part}Host",
                applies=lambda before, after, new=new, host=host, standby=standby, moved=moved: (
                    moved(before, after) and host(after) == new and standby(before) != new
                ),
                instead={f"{part}Standby": str(new)},
                from_before=True,
                does=f"Create the {part} on {new}, while DNS points at the old host.{upload}",
                why="DNS would point at the new host before it serves.",
                source=_HOSTS,
            )
        yield OrderRule(
            id=f"{part}-old-host-until-dns-has-moved",
            setting=f"{part}Standby",
            applies=lambda before, after, host=host, standby=standby, moved=moved: (
                moved(before, after) and standby(before) == host(after) and standby(after) != host(before)
            ),
            instead={
                f"{part}Host": Held("the standby before the change", standby),
                f"{part}Standby": Held("the host before the change", host),
            },
            from_before=True,
            settle_seconds=_SETTLE_SECONDS,
            does=f"Point DNS at the new host of the {part}, while the old one still serves.",
            why="The old host would be deleted while clients with a cached DNS answer use it.",
            source=_HOSTS,
        )


def _region_rules() -> tuple[OrderRule, ...]:
    """Return the rules for the further regions of a stack."""
    return (
        OrderRule(
            id="regions-after-phase",
            setting="regions",
            applies=lambda before, after: (
                bool(set(after.regions) - set(before.regions))
                and (before.phase is not after.phase or before.shards is None)
            ),
            instead={"regions": Held("the regions before the change", lambda before: list(before.regions) or None)},
            does="Change the phase in the first region, before further regions exist.",
            why="A Global Datastore and the private endpoints of a region need the cache and the shards of phase "
            "enterprise, and ElastiCache changes no cluster mode while a cache is in a Global Datastore.",
            source="stacks/config/regions.py; stacks/resources/regions.py",
        ),
        OrderRule(
            id="region-serves-no-longer-before-it-ends",
            setting="regions",
            applies=lambda before, after: before.serving_region not in (after.region, *after.regions),
            instead={"activeRegion": None},
            from_before=True,
            settle_seconds=_SETTLE_SECONDS,
            does="Let the first region serve again. Run `tierup failover --to` that region before this step, because "
            "an `up` does not move the role of the cache.",
            why="The load balancer and the services that answer every request would be deleted.",
            source="docs/how-to/fail-over-to-another-region.md",
        ),
    )


_CDN: Final = "docs/adr/0019-cdn-by-standby.md"
_PROXIED_TTL_SECONDS: Final = 300
"""https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/ (read 2026-11-28)"""


_CDN_NAMES: Final = {CdnKind.CLOUDFRONT: "CloudFront", CdnKind.CLOUDFLARE: "Cloudflare"}
_OTHER_CDN: Final = {CdnKind.CLOUDFRONT: CdnKind.CLOUDFLARE, CdnKind.CLOUDFLARE: CdnKind.CLOUDFRONT}


def _cdn_rules() -> Iterator[OrderRule]:
    """Yield the rules that change the CDN: both serve until the registrar has delegated the domain to the new one."""
    yield OrderRule(
        id="cdn-before-phase-and-tier",
        setting="phase",
        applies=lambda before, after: (
            (before.cdn, before.cdn_standby) != (after.cdn, after.cdn_standby)
            and (before.phase, before.tier) != (after.phase, after.tier)
        ),
        instead={
            "phase": Held("the phase before the change", lambda before: str(before.phase)),
            "tier": Held("the tier before the change", lambda before: str(before.tier)),
        },
        does="Change the CDN before the phase and the tier.",
        why="A failure of one change could not be told from a failure of the other.",
        source=_CDN,
    )
    old_settings = {
        CdnKind.CLOUDFRONT: {
            "cloudflareZoneId": Held("the zone before the change", lambda before: before.cloudflare_zone_id)
        },
        CdnKind.CLOUDFLARE: {
            "hostedZoneId": Held("the zone before the change", lambda before: before.hosted_zone_id),
            "edgeCertificateArn": Held("the certificate before the change", lambda before: before.edge_certificate_arn),
            "priceClass": Held("the price class before the change", lambda before: before.price_class),
        },
    }
    delegation = {
        CdnKind.CLOUDFLARE: "The registrar must delegate the domain to Cloudflare before this step.",
        CdnKind.CLOUDFRONT: "The registrar must delegate the domain to Route 53 after this step.",
    }
    serving = Held("the CDN before the change", lambda before: str(before.cdn))
    for new in CdnKind:
        yield OrderRule(
            id=f"{new}-starts-as-standby",
            setting="cdn",
            applies=lambda before, after, new=new: (
                before.cdn is not after.cdn and after.cdn is new and before.cdn_standby is not new
            ),
            instead={"cdn": serving, "cdnStandby": str(new), **old_settings[new]},
            does=f"Create what {_CDN_NAMES[new]} needs and the records of both names at its DNS provider, while "
            f"{_CDN_NAMES[_OTHER_CDN[new]]} serves.",
            why="Both names would not resolve until the registrar delegates the domain to another DNS provider.",
            source=_CDN,
        )
        yield OrderRule(
            id=f"{new}-serves-before-the-other-ends",
            setting="cdnStandby",
            applies=lambda before, after, new=new: (
                before.cdn is not after.cdn and after.cdn is new and after.cdn_standby is not before.cdn
            ),
            instead={"cdn": str(new), "cdnStandby": serving},
            from_before=True,
            settle_seconds=_PROXIED_TTL_SECONDS,
            does=f"Let {_CDN_NAMES[new]} serve both names, while {_CDN_NAMES[_OTHER_CDN[new]]} still answers clients "
            f"with a cached address. {delegation[new]}",
            why="What serves clients with a cached DNS answer or a cached delegation would be deleted.",
            source=_CDN,
        )


def needed_delegation(before: Settings, after: Settings) -> CdnKind | None:
    """Return the CDN whose DNS provider the registrar must delegate the domain to before a change; None for any.

    While CloudFront serves and Cloudflare is the standby, the records of both providers point at CloudFront. So the
    delegation changes in that state, in either direction.
    """
    if before.cdn_standby is None:
        return None
    ends = after.cdn_standby is None
    return after.cdn if ends or (before.cdn, after.cdn) == (CdnKind.CLOUDFRONT, CdnKind.CLOUDFLARE) else None


ORDER_RULES: Final = (
    *_rotation_rules(),
    *_cdn_rules(),
    *_orchestrator_rules(),
    *_host_rules(),
    *_region_rules(),
    OrderRule(
        id="origin-lock-opens-before-dns",
        setting="originLock",
        applies=lambda before, after: _is_locked(before) and not _has(after, Feature.API_BEHIND_CDN),
        instead={"originLock": "off"},
        from_before=True,
        settle_seconds=_SETTLE_SECONDS,
        does="Let the load balancer accept all clients while the API is still behind the CDN.",
        why="The API's name would point at the load balancer while it accepts only the CDN.",
        source="docs/adr/0006-api-has-its-own-distribution.md",
    ),
    OrderRule(
        id="origin-lock-after-dns",
        setting="originLock",
        applies=lambda before, after: not _has(before, Feature.API_BEHIND_CDN) and _is_locked(after),
        instead={"originLock": "off"},
        settle_seconds=_SETTLE_SECONDS,
        does="Move the API behind the CDN, while the load balancer also accepts clients that have cached its address.",
        why="Clients with a cached DNS answer or an open connection would get status 403 from the load balancer.",
        source="docs/adr/0006-api-has-its-own-distribution.md; TTL of an alias to a load balancer, 60 s: "
        "https://dev.classmethod.jp/articles/amazon-route-53-alias-ttl/, which quotes the ELB guide (read 2026-11-28)",
    ),
    OrderRule(
        id="cache-replica-first",
        setting="cacheClusterMode",
        applies=lambda before, after: (
            _had_cache(before, after)
            and before.sizes.cache_nodes < 2
            and after.cluster_mode is not ClusterMode.DISABLED
        ),
        instead={"cacheClusterMode": "disabled"},
        does="Add the replica of the cache before its cluster mode changes.",
        why="Cluster mode needs automatic failover, which a cache of one node does not have.",
        source="components/elasticache/topology.py, check_shards",
    ),
    OrderRule(
        id="cache-cluster-mode",
        setting="cacheClusterMode",
        applies=lambda before, after: (
            _had_cache(before, after)
            and before.cluster_mode is ClusterMode.DISABLED
            and after.cluster_mode is ClusterMode.ENABLED
        ),
        instead={"cacheClusterMode": "compatible"},
        does="Set the cache's cluster mode to compatible, so that all clients change to the cluster protocol.",
        why="ElastiCache refuses to enable cluster mode unless it is compatible, and clients without the cluster "
        "protocol would lose the cache.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html, "
        "ClusterMode (read 2026-11-24)",
    ),
    OrderRule(
        id="cache-shards",
        setting="sizeOverrides.cacheShards",
        applies=lambda before, after: (
            _had_cache(before, after)
            and before.cluster_mode is not ClusterMode.ENABLED
            and after.cluster_mode is ClusterMode.ENABLED
            and after.sizes.cache_shards > 1
        ),
        instead={"sizeOverrides.cacheShards": 1},
        does="Enable cluster mode with one shard.",
        why="The provider adds the shards before it changes the cluster mode, and ElastiCache refuses shards until "
        "cluster mode is enabled.",
        source="terraform-provider-aws, internal/service/elasticache/replication_group.go (read 2026-11-28)",
    ),
    OrderRule(
        id="cache-auth",
        setting="cacheAuth",
        applies=lambda before, after: (
            _had_cache(before, after)
            and before.cache_auth is CacheAuthMode.TOKEN
            and after.cache_auth is CacheAuthMode.USERS
        ),
        instead={"cacheAuth": "migrating"},
        does="Accept the token and the user, and start tasks that authenticate as the user.",
        why="Running tasks still hold the token and would lose the cache as soon as it is no longer accepted.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html, "
        "Migrating from Redis AUTH to RBAC (read 2026-11-28)",
    ),
    OrderRule(
        id="database-size-before-shards",
        setting="sizeOverrides.databaseShards",
        applies=lambda before, after: (
            _becomes_sharded(before, after)
            and (before.phase is not after.phase or _database_size(before) != _database_size(after))
        ),
        instead={"sizeOverrides.databaseShards": 0, "pauseDatabaseAutoscaling": True},
        does="Change size and regions of the database as a replica set, with its autoscaling paused.",
        why="Atlas converts a replica set to one shard of the same size only.",
        source=f"{_ATLAS_CLUSTER}, Multi-shard clusters and topology changes (read 2026-11-24)",
    ),
    OrderRule(
        id="database-autoscaling-off-before-shards",
        setting="pauseDatabaseAutoscaling",
        applies=lambda before, after: _becomes_sharded(before, after) and _scales(before),
        instead={"sizeOverrides.databaseShards": 0, "pauseDatabaseAutoscaling": True},
        does="Pause the autoscaling of the database.",
        why="A sharded database keeps its size, and a conversion while Atlas scales it would revert what Atlas did.",
        source=f"{_ATLAS_CLUSTER}, Multi-shard clusters and topology changes (read 2026-11-24)",
    ),
    OrderRule(
        id="database-effective-fields-alone",
        setting="databaseEffectiveFields",
        applies=lambda before, after: (
            before.shards is None and _uses_effective_fields(before) and not _uses_effective_fields(after)
            and after.shards is not None
        ),
        instead={
            "sizeOverrides.databaseShards": 0,
            "pauseDatabaseAutoscaling": True,
            "databaseEffectiveFields": False,
        },
        does="Switch off the provider's effective fields, and change nothing else.",
        why="The provider does not allow useEffectiveFields to change together with anything else.",
        source=f"{_ATLAS_CLUSTER}, useEffectiveFields (read 2026-11-28)",
    ),
    OrderRule(
        id="database-one-shard",
        setting="sizeOverrides.databaseShards",
        applies=lambda before, after: _becomes_sharded(before, after) and (after.shards or 0) > 1,
        instead={"sizeOverrides.databaseShards": 1},
        does="Convert the database to one shard. Restart all of its clients afterwards.",
        why="Atlas converts a replica set to one shard only, and adds shards later.",
        source="https://www.mongodb.com/docs/atlas/scale-cluster/#convert-a-replica-set-to-a-sharded-cluster, as cited "
        "in https://github.com/mongodb/mongodb-atlas-cli/pull/2786 (read 2026-11-24)",
    ),
    OrderRule(
        id="database-size-before-more-shards",
        setting="sizeOverrides.databaseShards",
        applies=lambda before, after: (
            before.shards is not None
            and (after.shards or 0) > before.shards
            and _database_size(before) != _database_size(after)
        ),
        instead={"sizeOverrides.databaseShards": _SHARDS_BEFORE},
        does="Change the size of the existing shards.",
        why="Existing shards must not change in the update that adds shards, or their data may be assigned to others.",
        source=f"{_ATLAS_CLUSTER}, Multi-shard clusters and topology changes (read 2026-11-28)",
    ),
    OrderRule(
        id="database-autoscaling-paused",
        setting="pauseDatabaseAutoscaling",
        applies=lambda before, after: (
            _scales(after) and before.shards is None and _database_size(before) != _database_size(after)
        ),
        instead={"pauseDatabaseAutoscaling": True},
        does="Change the size of the database while its autoscaling is paused.",
        why="While autoscaling is on, Atlas ignores another size, and refuses a range that excludes the current one.",
        source=f"{_ATLAS_CLUSTER}, Manually Updating Specs, Adjusting the Auto-Scaling Range (read 2026-11-28)",
    ),
    OrderRule(
        id="blue-green-after-its-target-groups",
        setting="deployment",
        applies=lambda before, after: (
            not _has(before, Feature.BLUE_GREEN) and after.deployment is not DeploymentMode.ROLLING
        ),
        instead={"deployment": "rolling"},
        does="Create what blue/green deployments need, and deploy once more in a rolling way.",
        why="A blue/green deployment needs the second target group and its rule before it begins.",
        source=f"{_LIMITS} and stacks/config/constraints/",
    ),
)  # fmt: skip
"""The changes that take more than one `up`.

The planner applies the first row that matches, and looks for the next one in the changed settings. So the order of the
rows counts: `database-effective-fields-alone` must follow `database-size-before-shards`, or one step would do both.
"""


FORBIDDEN_CHANGES: Final = (
    ForbiddenChange(
        id="cdn",
        setting="cdn",
        applies=lambda before, after: (
            before.cdn is not after.cdn
            and any(each.regions or each.api_path is not None or each.uses_hosts for each in (before, after))
        ),
        why="Both CDNs must exist during the change, and a stack with tierup:regions, tierup:apiPath or a managed host "
        "has one CDN only.",
        alternative="Remove these settings, change the CDN, and set them again; or keep the CDN.",
        source=f"{_CDN}",
    ),
    ForbiddenChange(
        id="region",
        setting="region",
        applies=lambda before, after: before.region != after.region,
        why="Every regional resource would be replaced, with the data that it holds.",
        alternative="Create a second stack in the other region, restore a snapshot of the database there, and move the "
        "names.",
        source="https://www.pulumi.com/registry/packages/aws/installation-configuration/ (from memory)",
    ),
    ForbiddenChange(
        id="vpc-cidr",
        setting="vpcCidr",
        applies=lambda before, after: before.vpc_cidr != after.vpc_cidr and after.existing_network is None,
        why="A VPC keeps its primary block, so the VPC would be replaced with everything in it.",
        alternative="Create a second stack with the other block, restore a snapshot of the database there, and move "
        "the names; or choose another block for the network that overlaps.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (read 2026-11-28)",
    ),
    ForbiddenChange(
        id="atlas-cidr",
        setting="atlasCidr",
        applies=lambda before, after: before.atlas_cidr != after.atlas_cidr,
        why="Atlas does not change the block of a network that contains a cluster.",
        alternative="Keep the block, or create a second stack with the other block.",
        source="mongodb/terraform-provider-mongodbatlas, docs/resources/network_container.md, atlas_cidr_block "
        "(read 2026-11-28)",
    ),
    ForbiddenChange(
        id="atlas-organization",
        setting="atlasOrgId",
        applies=lambda before, after: before.atlas_org_id != after.atlas_org_id,
        why="The Atlas project would be replaced, with the cluster and its backups.",
        alternative="Move the project to the other organization in Atlas first, then change the setting.",
        source="mongodb/terraform-provider-mongodbatlas, internal/service/project/resource_project_schema.go, org_id "
        "(read 2026-11-28)",
    ),
    ForbiddenChange(
        id="network-owner",
        setting="existingNetwork",
        applies=lambda before, after: (before.existing_network is None) != (after.existing_network is None),
        why="All resources would move to another VPC: cache, load balancer and endpoints would be replaced.",
        alternative="Create a second stack in the other network, and move the names.",
        source="stacks/resources/foundation.py",
    ),
    ForbiddenChange(
        id="cache-cluster-mode-back",
        setting="cacheClusterMode",
        applies=lambda before, after: (
            _had_cache(before, after)
            and before.cluster_mode is ClusterMode.ENABLED
            and after.cluster_mode is not ClusterMode.ENABLED
        ),
        why="ElastiCache does not disable cluster mode again, so the cache would be replaced.",
        alternative="Stay in phase enterprise. A lower tier has fewer and smaller nodes.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html, "
        "ClusterMode (read 2026-11-24)",
    ),
    ForbiddenChange(
        id="cache-key",
        setting="kmsKeyUses",
        applies=lambda before, after: (
            _had_cache(before, after)
            and ("cache" in before.kms_key_uses) != ("cache" in after.kms_key_uses)
            and not _names_snapshot(before, after)
        ),
        why="ElastiCache does not change the key of a cache, so the cache would be replaced.",
        alternative="Take a snapshot, and set tierup:cacheSnapshotName to its name in the same switch: the new cache "
        "starts from it. Or keep the setting.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html and kms_key_id in "
        "internal/service/elasticache/replication_group.go of terraform-provider-aws (read 2026-11-28)",
    ),
    ForbiddenChange(
        id="image-key",
        setting="kmsKeyUses",
        applies=lambda before, after: ("images" in before.kms_key_uses) != ("images" in after.kms_key_uses),
        why="ECR does not change the key of a repository, so the repository would be replaced with its images.",
        alternative="Keep the setting, or create a second stack with it.",
        source="terraform-provider-aws, internal/service/ecr/repository.go, encryption_configuration (read 2026-11-28)",
    ),
    ForbiddenChange(
        id="cache-auth-back",
        setting="cacheAuth",
        applies=lambda before, after: (
            _had_cache(before, after)
            and before.cache_auth is not CacheAuthMode.TOKEN
            and after.cache_auth is CacheAuthMode.TOKEN
        ),
        why="ElastiCache has removed the token, and the tasks would lose the cache.",
        alternative="Keep users.",
        source=f"{_LIMITS}, cache token → cache user",
    ),
    ForbiddenChange(
        id="database-shards-back",
        setting="phase",
        applies=lambda before, after: before.shards is not None and after.shards is None,
        why="A sharded cluster cannot become a replica set again.",
        alternative="Stay in phase enterprise, with a lower tier; or create a second stack and restore a snapshot "
        "of the database there.",
        source="https://www.mongodb.com/docs/atlas/reference/api-errors/ (CLUSTER_TYPE_UNSUPPORTED_CHANGE; read "
        "2026-11-24)",
    ),
    ForbiddenChange(
        id="database-fewer-shards",
        setting="sizeOverrides.databaseShards",
        applies=lambda before, after: (
            before.shards is not None and after.shards is not None and after.shards < before.shards
        ),
        why="Removing a shard moves its data, and the provider might remove another shard than intended.",
        alternative="Set tierup:sizeOverrides.databaseShards to the current number of shards, or remove the shard "
        "together with MongoDB Support.",
        source=f"{_ATLAS_CLUSTER}, Multi-shard clusters and topology changes (read 2026-11-28)",
    ),
    ForbiddenChange(
        id="database-disk-too-large",
        setting="tier",
        applies=lambda before, after: (
            before.sizes.database_disk_gb > LIMITS[after.sizes.database_instance_size].max_disk_gb
        ),
        why="The disk of the database is larger than the disks of the new instance size, and tierup does not reduce "
        "it.",
        alternative="Set tierup:sizeOverrides.databaseInstanceSize to a size with such a disk (an M10 has at most 128 "
        "GB, an M20 255 GB), or keep the tier.",
        source="components/atlas/instance_limits.py",
    ),
    ForbiddenChange(
        id="database-key-off",
        setting="databaseKmsKey",
        applies=lambda before, after: before.database_kms_key and not after.database_kms_key,
        why="The cluster keeps the key, and deleting the key would make the data unreadable.",
        alternative="Keep the setting.",
        source=f"{_LIMITS}; mongodb/terraform-provider-mongodbatlas, internal/service/advancedcluster/schema.go: "
        "encryption_at_rest_provider is optional and computed, so an omitted value stays (read 2026-11-28)",
    ),
    ForbiddenChange(
        id="backup-compliance-off",
        setting="databaseBackupCompliance",
        applies=lambda before, after: (
            before.database_backup_compliance is not None and after.database_backup_compliance is None
        ),
        why="Only MongoDB Support can disable the backup compliance policy.",
        alternative="Keep the setting, and ask MongoDB Support.",
        source=f"{_LIMITS}",
    ),
    ForbiddenChange(
        id="ipv6-off",
        setting="ipv6",
        applies=lambda before, after: before.ipv6 and not after.ipv6,
        why="The subnets have IPv6 blocks, and removing them would replace the subnets.",
        alternative="Keep the setting.",
        source="stacks/config/model.py, ipv6",
    ),
)  # fmt: skip
"""The changes that are not possible on an existing stack."""


KEPT_SETTINGS: Final = (
    KeptSetting(
        id="database-disk",
        path="sizeOverrides.databaseDiskGb",
        applies=lambda before, after: (
            after.sizes.database_disk_gb
            < before.sizes.database_disk_gb
            <= LIMITS[after.sizes.database_instance_size].max_disk_gb
        ),
        value=lambda before, _: before.sizes.database_disk_gb,
        why="A switch does not reduce the disk of the database.",
        source=_LIMITS,
    ),
    KeptSetting(
        id="database-shards",
        path="sizeOverrides.databaseShards",
        applies=lambda before, after: (
            before.shards is not None and after.shards is not None and after.shards < before.shards
        ),
        value=lambda before, _: before.shards,
        why="A switch does not remove shards.",
        source=f"{_ATLAS_CLUSTER}, Multi-shard clusters and topology changes (read 2026-11-28)",
    ),
    KeptSetting(
        id="kms-key",
        path="kmsKey",
        applies=lambda before, after: before.has_kms_key and not after.has_kms_key,
        value=lambda _before, _after: True,
        why="Deleting the customer managed key would make the secrets and logs unreadable that it encrypts.",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html (read 2026-11-28)",
    ),
)
"""The values that a change of tier or phase does not lower."""


def transition_errors(before: Settings, after: Settings, command: str = "tierup switch") -> Iterator[ConfigError]:
    """Yield an error for each rule that applies when one `up` changes the settings `before` to `after`.

    `command` is the command that makes the change in steps.
    """
    for forbidden in FORBIDDEN_CHANGES:
        if forbidden.applies(before, after):
            yield setting_error(
                forbidden.setting,
                f"the change is not possible on an existing stack. {forbidden.why.rstrip('.')}",
                forbidden.alternative.rstrip("."),
                f"restore tierup:{forbidden.setting} in Pulumi.<stack>.yaml",
            )
    for rule in ORDER_RULES:
        if rule.applies(before, after):
            yield setting_error(
                rule.setting,
                f"the change takes more than one up. {rule.why.rstrip('.')}",
                "Let tierup switch make the change in steps",
                command,
            )
