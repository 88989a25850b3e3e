"""The phases of the scaling guide's roadmap and the features that each phase introduces.

A phase has every feature of the phases before it, so moving up a phase creates resources and replaces none. The tier
decides the sizes (tiers.py); constraints between phase and tier are in stacks/config/constraints/.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class Phase(enum.StrEnum):
    """A step of the roadmap."""

    MVP = "mvp"  # the first production environment; later phases keep all of it
    OPTIMIZATION = "optimization"  # cache, compression, monitoring on the guide's numbers
    SCALE = "scale"  # autoscaled tasks in private subnets of three availability zones, behind the CDN
    ENTERPRISE = "enterprise"  # shards, data in several regions, several services, an error budget


class Feature(enum.StrEnum):
    """A feature that some phases have. What every phase has is not listed here."""

    CACHE = "cache"  # Valkey on ElastiCache, and REDIS_URL for the service
    TARGET_ALARMS = "alarms on the guide's numbers"  # p95, error rate, CPU, memory; every phase has alarms on outages
    DATABASE_ALERTS = "database alerts"  # Atlas alerts on slow queries, connections and disk
    DASHBOARD = "dashboard"
    UPTIME_CHECK = "uptime check"  # Route 53 health check
    BUDGET = "budget"
    KEY_ROTATION = "rotation of the signing keys"  # JWT_SECRET with its previous and its next value

    PRIVATE_SUBNETS = (
        "private subnets"  # in three availability zones, with NAT and, where they are cheaper, interface endpoints
    )
    API_BEHIND_CDN = "API behind the CDN"  # the load balancer then accepts requests from the CDN only
    ORIGIN_SHIELD = "origin shield"  # Cloudflare calls it tiered cache
    AUTOSCALING = "autoscaling"  # on CPU, memory, requests per task, and by schedule
    WORKER = "worker"  # the same image with another command; it processes a queue in the cache
    CACHE_FAILOVER = "cache failover"  # a replica in another availability zone takes over
    DATABASE_AUTOSCALING = "database autoscaling"  # instance size and disk
    DATABASE_ENDPOINT = "private endpoint to the database"
    BLUE_GREEN = "blue/green deployments"  # prepared; tierup:deployment enables them
    KMS_KEY = "customer managed key"
    CONTAINER_INSIGHTS = "Container Insights"
    BACKUPS = "AWS Backup"  # of the site bucket; cache and database have their own backups in every phase

    CACHE_RULES_BY_PATH = "cache rules by path"  # with stale-while-revalidate
    FAILOVER_ORIGIN = "failover origin"  # a copy of the site in another region
    SERVICES = "several services"  # tierup:services, each with its own routes, connected by Service Connect
    CACHE_SHARDS = "cache cluster mode"
    DATABASE_SHARDS = "database shards"
    DATABASE_REGIONS = "database in several regions"
    ERROR_BUDGET = "error budget"  # burn-rate alarms
    BUSINESS_METRICS = "business metrics"


_ADDED: Mapping[Phase, frozenset[Feature]] = MappingProxyType(
    {
        Phase.MVP: frozenset(),
        Phase.OPTIMIZATION: frozenset(
            {
                Feature.CACHE,
                Feature.TARGET_ALARMS,
                Feature.DATABASE_ALERTS,
                Feature.DASHBOARD,
                Feature.UPTIME_CHECK,
                Feature.BUDGET,
                Feature.KEY_ROTATION,
            }
        ),
        Phase.SCALE: frozenset(
            {
                Feature.PRIVATE_SUBNETS,
                Feature.API_BEHIND_CDN,
                Feature.ORIGIN_SHIELD,
                Feature.AUTOSCALING,
                Feature.WORKER,
                Feature.CACHE_FAILOVER,
                Feature.DATABASE_AUTOSCALING,
                Feature.DATABASE_ENDPOINT,
                Feature.BLUE_GREEN,
                Feature.KMS_KEY,
                Feature.CONTAINER_INSIGHTS,
                Feature.BACKUPS,
            }
        ),
        Phase.ENTERPRISE: frozenset(
            {
                Feature.CACHE_RULES_BY_PATH,
                Feature.FAILOVER_ORIGIN,
                Feature.SERVICES,
                Feature.CACHE_SHARDS,
                Feature.DATABASE_SHARDS,
                Feature.DATABASE_REGIONS,
                Feature.ERROR_BUDGET,
                Feature.BUSINESS_METRICS,
            }
        ),
    }
)


def features(phase: Phase) -> frozenset[Feature]:
    """Return the features of a phase: its own and those of every phase before it."""
    phases = tuple(Phase)
    return frozenset[Feature]().union(*(_ADDED[each] for each in phases[: phases.index(phase) + 1]))


def introduced_in(feature: Feature) -> Phase:
    """Return the first phase that has a feature."""
    return next(phase for phase in Phase if feature in features(phase))
