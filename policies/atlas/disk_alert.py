"""ATL-012: an alert fires before the disk of an Atlas cluster is full."""

from __future__ import annotations

from ..rule import ChecklistItem, Parameter
from .alerts import alert_rule

MAXIMUM_PERCENT = Parameter(
    name="maximumDiskPercent",
    schema={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100},
    default=75,
    what="The highest percentage of a node's disk in use at which an alert must fire.",
)

RULE = alert_rule(
    id="ATL-012",
    name="atlas-disk-alert",
    title="An alert fires when a node's disk is more than 75 % full.",
    item=ChecklistItem.DISK,
    metrics=("DISK_PARTITION_SPACE_USED_DATA",),
    limit=MAXIMUM_PERCENT,
    remediation="Create an enabled AlertConfiguration with a notification on DISK_PARTITION_SPACE_USED_DATA.",
    example="disk",
    example_threshold=75,
)
