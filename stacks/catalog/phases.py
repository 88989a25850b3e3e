"""The phases of the guide's roadmap, and which building blocks each of them has.

A phase is the one before it plus what it adds: going up creates, and never replaces. How big a block is, is the tier's
affair; what a phase and a tier cannot be together is told in combinations.py.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class Phase(enum.StrEnum):
    """Where on the roadmap a stack stands."""

    MVP = "mvp"  # the first production: small, but nothing that has to be thrown away later
    OPTIMIZATION = "optimization"  # cache, compression, monitoring on the guide's numbers
    SCALE = "scale"  # as many tasks as it needs, private, over three zones, behind the CDN
    ENTERPRISE = "enterprise"  # shards, several regions for the data, several services, an error budget


class Feature(enum.StrEnum):
    """A building block that some phases have and others have not. What every phase has is not listed here."""

    CACHE = "cache"  # Valkey on ElastiCache, and REDIS_URL for the service
    COMPRESSION = "compression"  # gzip and brotli at CloudFront; Cloudflare always compresses
    TARGET_ALARMS = (
        "alarms on the guide's numbers"  # p95, error rate, CPU, memory; every phase has the alarms on outages
    )
    DATABASE_ALERTS = "database alerts"  # slow queries, connections, disk: Atlas's own alerts
    DASHBOARD = "dashboard"
    UPTIME_CHECK = "uptime check"  # from outside AWS's network
    BUDGET = "budget"
    KEY_ROTATION = "rotation of the signing keys"  # JWT_SECRET with its predecessor and its successor

    PRIVATE_SUBNETS = "private subnets"  # over three zones, with NAT and, where they are cheaper, interface endpoints
    API_BEHIND_CDN = "API behind the CDN"  # the load balancer then answers to nobody else
    ORIGIN_SHIELD = "origin shield"  # Cloudflare's name for it is tiered cache
    AUTOSCALING = "autoscaling"  # on CPU, memory, requests a task, and by schedule
    WORKER = "worker"  # the same image with another command, off a queue in the cache
    CACHE_FAILOVER = "cache failover"  # a replica in another zone that takes over
    DATABASE_AUTOSCALING = "database autoscaling"  # instance size and disk
    DATABASE_ENDPOINT = "private endpoint to the database"
    BLUE_GREEN = "blue/green deployments"  # prepared; tierup:deployment turns them on
    KMS_KEY = "customer-managed key"
    CONTAINER_INSIGHTS = "Container Insights"
    BACKUPS = "AWS Backup"  # of the site's bucket; cache and database have backups of their own in every phase

    CACHE_RULES_BY_PATH = "cache rules by path"  # and old pages served while new ones are fetched
    FAILOVER_ORIGIN = "failover origin"  # a copy of the site in another region
    SERVICES = "several services"  # tierup:services, each with its routes, found by Service Connect
    CACHE_SHARDS = "cache cluster mode"
    DATABASE_SHARDS = "database shards"
    DATABASE_REGIONS = "database in several regions"
    ERROR_BUDGET = "error budget"  # alarms on the pace at which it is burnt
    BUSINESS_METRICS = "business metrics"


_ADDED: Mapping[Phase, frozenset[Feature]] = MappingProxyType(
    {
        Phase.MVP: frozenset(),
        Phase.OPTIMIZATION: frozenset(
            {
                Feature.CACHE,
                Feature.COMPRESSION,
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

BUILT = tuple(Phase)
"""The phases that this version builds, in the order of the roadmap."""


def features(phase: Phase) -> frozenset[Feature]:
    """The blocks of a phase: its own and those of every phase before."""
    phases = tuple(Phase)
    return frozenset[Feature]().union(*(_ADDED[each] for each in phases[: phases.index(phase) + 1]))


def introduced_in(block: Feature) -> Phase:
    """The phase that brings a block."""
    return next(phase for phase in Phase if block in features(phase))
