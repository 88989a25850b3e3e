"""MON-005: somebody is told when the CPUs of a service that answers requests are full."""

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
from .services import SERVICE, fullness, only_answering

CPU = Parameter(
    "cpuPercent",
    {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    70,
    "The largest part of the CPU, in percent, that may be used before somebody is told.",
)


def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    only_answering(service)
    limit = parameters[CPU.name]
    watched_metrics = fullness(stack, service, metric="CPUUtilization", used="CpuUtilized", reserved="CpuReserved")
    if not any_of(watched_metrics, limit):
        yield Finding("alarm on CPUUtilization", "none that is raised in time", f"one at {shown(limit)} % or less")


RULE = StackRule(
    id="MON-005",
    name="service-cpu-alarm",
    title="Somebody is told when the CPUs of a service are nearly full.",
    item=ChecklistItem.CPU,
    severity=Severity.MEDIUM,
    applies_to=(SERVICE,),
    check=check,
    remediation="Put an alarm on the service's CPUUtilization (AWS/ECS) with threshold 70.",
    example="""aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/ECS",
    metric_name="CPUUtilization",
    dimensions={"ClusterName": cluster.name, "ServiceName": service.name},
    statistic="Average",
    comparison_operator="GreaterThanThreshold",
    threshold=70,
    period=300,
    evaluation_periods=3,
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html",
    read=date(2026, 11, 24),
    parameters=(CPU,),
    pitfall=Pitfall.NO_MONITORING,
    unproven="That the CPUs are not full: the alarm says when they are.",
    level=Level.ADVISORY,
)
