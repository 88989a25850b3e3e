"""Constraints between settings: combinations of phase, tier and single settings that cannot be deployed.

One module for each subject, and one function for each constraint. Each yields a `ConfigError` before any resource is
created. A tier's sizes may fit in one phase and not in another: phase enterprise shards the database, Atlas shards from
M30 on, and tier small has an M10, so enterprise with small needs `tierup:sizeOverrides.databaseInstanceSize`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from stacks.catalog.phases import Feature, features, introduced_in
from stacks.config.constraints.data import data_errors
from stacks.config.constraints.edge import edge_errors
from stacks.config.constraints.hosts import host_errors
from stacks.config.constraints.network import network_errors
from stacks.config.constraints.pods import pod_errors
from stacks.config.constraints.services import service_errors
from stacks.config.errors import ConfigError, setting_error
from stacks.config.regions import region_errors

if TYPE_CHECKING:
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


def constraint_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each combination of valid settings that cannot be deployed."""
    yield from _phase(settings)
    yield from edge_errors(settings)
    yield from data_errors(settings)
    yield from service_errors(settings)
    yield from network_errors(settings)
    yield from host_errors(settings)
    yield from pod_errors(settings)
    yield from region_errors(settings)


def _phase(settings: Settings) -> Iterator[ConfigError]:
    changed = settings.model_dump(by_alias=True, exclude_unset=True, exclude_defaults=True)
    for key, feature, reason in _REQUIRED_FEATURES:
        if key in changed and feature not in features(settings.phase):
            phase = introduced_in(feature)
            yield setting_error(
                key,
                f"the setting has no effect in phase {settings.phase}: {reason}",
                f"Allowed from phase {phase} on, which introduces {feature}",
                f"pulumi config set tierup:phase {phase}, or pulumi config rm tierup:{key}",
            )
