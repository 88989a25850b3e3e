"""MON-006: somebody is told when a service's memory is nearly full, before ECS kills its tasks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    Parameter,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    shown,
)
from .alarms import any_of
from .services import SERVICE, fullness

MEMORY = Parameter(
    "memoryPercent",
    {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    80,
    "The largest part of the memory, in percent, that may be used before somebody is told.",
)


def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    limit = parameters[MEMORY.name]
    watched_metrics = fullness(
        stack, service, metric="MemoryUtilization", used="MemoryUtilized", reserved="MemoryReserved"
    )
    if not any_of(watched_metrics, limit):
        yield Finding("alarm on MemoryUtilization", "none that is raised in time", f"one at {shown(limit)} % or less")


RULE = StackRule(
    id="MON-006",
    name="service-memory-alarm",
    title="Somebody is told when the memory of a service is nearly full.",
    item=ChecklistItem.MEMORY,
    severity=Severity.MEDIUM,
    applies_to=(SERVICE,),
    check=check,
    remediation="Put an alarm on the service's MemoryUtilization (AWS/ECS) with threshold 80.",
    example="""aws.cloudwatch.MetricAlarm(
    "memory",
    namespace="AWS/ECS",
    metric_name="MemoryUtilization",
    dimensions={"ClusterName": cluster.name, "ServiceName": service.name},
    statistic="Average",
    comparison_operator="GreaterThanThreshold",
    threshold=80,
    period=300,
    evaluation_periods=3,
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html",
    read=date(2026, 11, 24),
    parameters=(MEMORY,),
    pitfall=Pitfall.NO_MONITORING,
    unproven="That the memory is not full: the alarm says when it is.",
    level=Level.ADVISORY,
)
