"""ATL-012: somebody is told before the disk of an Atlas cluster is full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameter, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .alerts import Limit, unwatched
from .clusters import CLUSTERS, require_dedicated

METRIC = "DISK_PARTITION_SPACE_USED_DATA"
MOST = Parameter(
    name="mostDiskPercent",
    schema={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100},
    default=75,
    what="The percentage of a node's disk in use above which somebody must be told.",
)


def check(cluster: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    yield from unwatched(cluster, stack, Limit(metric=METRIC, most=parameters[MOST.name]))


RULE = StackRule(
    id="ATL-012",
    name="atlas-disk-alert",
    title="Atlas tells when a node's disk is more than 75 % full.",
    item=ChecklistItem.DISK,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add an AlertConfiguration, enabled and with a notification, on DISK_PARTITION_SPACE_USED_DATA.",
    example="""mongodbatlas.AlertConfiguration(
    "disk",
    project_id=project.id,
    event_type="OUTSIDE_METRIC_THRESHOLD",
    enabled=True,
    metric_threshold_config={
        "metric_name": "DISK_PARTITION_SPACE_USED_DATA",
        "operator": "GREATER_THAN",
        "threshold": 75,
        "units": "RAW",
        "mode": "AVERAGE",
    },
    notifications=[{"type_name": "EMAIL", "email_address": "on-call@example.com", "delay_min": 5, "interval_min": 60}],
)""",
    source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
    read=date(2026, 11, 24),
    parameters=(MOST,),
)
