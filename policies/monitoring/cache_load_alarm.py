"""MON-014: somebody is told when a cache is at the end of its CPU, or throws entries away to make room."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, Severity, Stack, StackRule, shown
from .alarms import any_of
from .caches import REPLICATION_GROUP, watches
from .cpu_alarm import CPU

# On a node of one or two vCPUs the whole node's CPU is the one to watch, on larger ones the engine's single core.
PROCESSORS = ("EngineCPUUtilization", "CPUUtilization")


def check(group: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    limit = parameters[CPU.name]
    if not any_of(watches(stack, group, *PROCESSORS), limit):
        yield Finding(f"alarm on {PROCESSORS[0]}", "none that is raised in time", f"one at {shown(limit)} % or less")
    if not any(True for _ in watches(stack, group, "Evictions")):
        yield Finding("alarm on Evictions", "missing", "one, at a number that the application can live with")


RULE = StackRule(
    id="MON-014",
    name="cache-load-alarm",
    title="Somebody is told when a cache's CPU is nearly full, and when it evicts entries.",
    item=ChecklistItem.DATABASE_MONITORING,
    severity=Severity.LOW,
    applies_to=(REPLICATION_GROUP,),
    check=check,
    remediation="Put alarms on EngineCPUUtilization (threshold 70) and on Evictions of each node.",
    example="""aws.cloudwatch.MetricAlarm(
    "cache-evictions",
    namespace="AWS/ElastiCache",
    metric_name="Evictions",
    dimensions={"CacheClusterId": pulumi.Output.concat(cache.replication_group_id, "-001")},
    statistic="Sum",
    comparison_operator="GreaterThanThreshold",
    threshold=0,
    period=300,
    evaluation_periods=3,
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
    read=None,
    parameters=(CPU,),
    pitfall=Pitfall.NO_MONITORING,
    unproven="That each node has such alarms: those on any node keep the rule.",
    level=Level.ADVISORY,
)
