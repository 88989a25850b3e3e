"""MON-006: an alarm fires on high memory utilization of a service, before ECS stops its tasks."""

from __future__ import annotations

from ..rule import ChecklistItem, Parameter
from .services import utilization_alarm_rule

MEMORY = Parameter(
    "memoryPercent",
    {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    80,
    "The highest memory utilization in percent at which an alarm must fire.",
)

RULE = utilization_alarm_rule(
    id="MON-006",
    name="service-memory-alarm",
    title="An alarm fires on high memory utilization of a service.",
    item=ChecklistItem.MEMORY,
    resource_metric="MemoryUtilization",
    insights_metrics=("MemoryUtilized", "MemoryReserved"),
    limit=MEMORY,
    workers=True,
    example="memory",
    unproven="The rule does not see the actual memory utilization.",
)
