"""CACHE-008: maintenance of a cache falls into a time that somebody chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, declared
from .encrypted import CLUSTER, REPLICATION_GROUP
from .stores import MEMORYDB, require_redis_of_its_own


def check(cache: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_redis_of_its_own(cache)
    if not declared(cache.properties, "maintenanceWindow"):
        yield Finding("maintenanceWindow", "not set, so AWS draws one by lot", "a quiet hour of your users")


RULE = ResourceRule(
    id="CACHE-008",
    name="cache-maintenance-window",
    title="A cache's maintenance window is chosen.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    # Advisory: AWS draws an hour of its region's night.
    level=Level.ADVISORY,
    applies_to=(REPLICATION_GROUP, CLUSTER, MEMORYDB),
    check=check,
    remediation="Set maintenance_window to a quiet hour, in UTC, apart from the snapshot window.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    maintenance_window="sun:04:00-sun:05:00",
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    read=date(2026, 11, 24),
)
