"""MON-014: alarms fire on high CPU utilization of a cache and on evictions."""

from __future__ import annotations

from ..rule import ChecklistItem, Severity
from .caches import AlarmExample, NodeAlarm, node_alarm_rule
from .cpu_alarm import CPU

# Nodes with one or two vCPUs need an alarm on the whole node's CPU, larger nodes on the engine's single core.
PROCESSORS = ("EngineCPUUtilization", "CPUUtilization")

RULE = node_alarm_rule(
    id="MON-014",
    name="cache-load-alarm",
    title="Alarms fire on high CPU utilization and on evictions of each cache node.",
    item=ChecklistItem.DATABASE_MONITORING,
    severity=Severity.LOW,
    alarms=(NodeAlarm(PROCESSORS, CPU), NodeAlarm(("Evictions",))),
    remediation="Create alarms on EngineCPUUtilization (threshold 70), or on CPUUtilization (45) of nodes with two "
    "vCPUs, and on Evictions of each node.",
    example=AlarmExample("cache-evictions", "Evictions", "Sum", 0),
)
