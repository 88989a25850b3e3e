"""CACHE-004: a snapshot of a cache is taken every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameter, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from .stores import CACHES, require_redis_of_its_own

MINIMUM = Parameter(
    name="minimumSnapshotDays",
    schema={"type": "integer", "minimum": 0, "maximum": 35},
    default=1,
    what="The days that snapshots of a cache are kept at the least; 0 asks for none.",
)


def check(cache: Resource, parameters: Parameters) -> Iterator[Finding]:
    require_redis_of_its_own(cache)
    minimum = parameters[MINIMUM.name]
    kept = cache.properties.get("snapshotRetentionLimit")
    if (kept or 0) < minimum:
        yield Finding("snapshotRetentionLimit", shown(kept), f"{minimum} or more")


RULE = ResourceRule(
    id="CACHE-004",
    name="cache-snapshots",
    title="Snapshots of a cache are taken daily, and kept for a day or longer.",
    item=ChecklistItem.BACKUPS,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.MEDIUM,
    applies_to=CACHES,
    check=check,
    remediation="Set snapshot_retention_limit to 1 or more; if the cache holds nothing but copies, the parameter to 0.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    snapshot_retention_limit=7,
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-1",
    read=date(2026, 11, 24),
    parameters=(MINIMUM,),
)
