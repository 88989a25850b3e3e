"""CACHE-004: AWS takes a snapshot of a cache every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameter, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from .stores import CACHES, require_standalone_redis

MINIMUM = Parameter(
    name="minimumSnapshotDays",
    schema={"type": "integer", "minimum": 0, "maximum": 35},
    default=1,
    what="The minimum number of days for which snapshots of a cache are kept; 0 requires none.",
)


def check(cache: Resource, parameters: Parameters) -> Iterator[Finding]:
    require_standalone_redis(cache)
    minimum = parameters[MINIMUM.name]
    kept = cache.properties.get("snapshotRetentionLimit")
    if (kept or 0) < minimum:
        yield Finding("snapshotRetentionLimit", shown(kept), f"{minimum} or more")


RULE = ResourceRule(
    id="CACHE-004",
    name="cache-snapshots",
    title="A cache has daily snapshots, which are kept for a day or longer.",
    item=ChecklistItem.BACKUPS,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.MEDIUM,
    applies_to=CACHES,
    check=check,
    remediation="Set snapshot_retention_limit to 1 or more, or the parameter to 0 for a cache of copies only.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    snapshot_retention_limit=7,
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-1",
    read=date(2026, 11, 24),
    parameters=(MINIMUM,),
)
