"""MON-005: an alarm fires on high CPU utilization of a service that receives requests."""

from __future__ import annotations

from ..rule import ChecklistItem, Parameter
from .services import utilization_alarm_rule

CPU = Parameter(
    "cpuPercent",
    {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    70,
    "The highest CPU utilization in percent at which an alarm must fire.",
)

RULE = utilization_alarm_rule(
    id="MON-005",
    name="service-cpu-alarm",
    title="An alarm fires on high CPU utilization of a service.",
    item=ChecklistItem.CPU,
    resource_metric="CPUUtilization",
    insights_metrics=("CpuUtilized", "CpuReserved"),
    limit=CPU,
    workers=False,
    example="cpu",
    unproven="The rule does not see the actual CPU utilization.",
)
