"""MON-013: an alarm fires on high memory usage of a cache, before it evicts entries in use."""

from __future__ import annotations

from ..rule import ChecklistItem, Severity
from .caches import AlarmExample, NodeAlarm, node_alarm_rule
from .memory_alarm import MEMORY

RULE = node_alarm_rule(
    id="MON-013",
    name="cache-memory-alarm",
    title="An alarm fires on high memory usage of each cache node.",
    item=ChecklistItem.MEMORY,
    severity=Severity.MEDIUM,
    alarms=(NodeAlarm(("DatabaseMemoryUsagePercentage", "DatabaseMemoryUsageCountedForEvictPercentage"), MEMORY),),
    remediation="Create an alarm on DatabaseMemoryUsagePercentage of each node with threshold 80.",
    example=AlarmExample("cache-memory", "DatabaseMemoryUsagePercentage", "Average", 80),
)
