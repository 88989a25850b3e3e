"""CACHE-008: the maintenance window of a cache is set explicitly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, declared
from .encrypted import CLUSTER, REPLICATION_GROUP
from .stores import MEMORYDB, require_standalone_redis


def check(cache: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_standalone_redis(cache)
    if not declared(cache.properties, "maintenanceWindow"):
        yield Finding("maintenanceWindow", "not set, so AWS chooses one at random", "an hour with little traffic")


RULE = ResourceRule(
    id="CACHE-008",
    name="cache-maintenance-window",
    title="A cache has an explicit maintenance window.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    # Advisory: AWS chooses an hour of the region's night.
    level=Level.ADVISORY,
    applies_to=(REPLICATION_GROUP, CLUSTER, MEMORYDB),
    check=check,
    remediation="Set maintenance_window to an hour with little traffic, in UTC, outside of the snapshot window.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    maintenance_window="sun:04:00-sun:05:00",
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    read=date(2026, 11, 24),
)
