"""MON-013: somebody is told when a cache is nearly full, before it throws out what is in use."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, Severity, Stack, StackRule, shown
from .alarms import any_of
from .caches import REPLICATION_GROUP, watches
from .memory_alarm import MEMORY

METRICS = ("DatabaseMemoryUsagePercentage", "DatabaseMemoryUsageCountedForEvictPercentage")


def check(group: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    limit = parameters[MEMORY.name]
    if not any_of(watches(stack, group, *METRICS), limit):
        yield Finding(f"alarm on {METRICS[0]}", "none that is raised in time", f"one at {shown(limit)} % or less")


RULE = StackRule(
    id="MON-013",
    name="cache-memory-alarm",
    title="Somebody is told when a cache is nearly full.",
    item=ChecklistItem.MEMORY,
    severity=Severity.MEDIUM,
    applies_to=(REPLICATION_GROUP,),
    check=check,
    remediation="Put an alarm on DatabaseMemoryUsagePercentage of each node with threshold 80.",
    example="""aws.cloudwatch.MetricAlarm(
    "cache-memory",
    namespace="AWS/ElastiCache",
    metric_name="DatabaseMemoryUsagePercentage",
    dimensions={"CacheClusterId": pulumi.Output.concat(cache.replication_group_id, "-001")},
    statistic="Average",
    comparison_operator="GreaterThanThreshold",
    threshold=80,
    period=300,
    evaluation_periods=3,
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
    read=None,
    parameters=(MEMORY,),
    pitfall=Pitfall.NO_MONITORING,
    unproven="That each node has such an alarm: one on any node keeps the rule.",
    level=Level.ADVISORY,
)
