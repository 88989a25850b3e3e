"""MON-013: somebody is told when a cache is nearly full, before it throws out what is in use."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, Severity, Stack, StackRule, shown
from .caches import REPLICATION_GROUP, unwatched
from .memory_alarm import MEMORY

METRICS = ("DatabaseMemoryUsagePercentage", "DatabaseMemoryUsageCountedForEvictPercentage")


def check(group: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    limit = parameters[MEMORY.name]
    wanted = f"one a node at {shown(limit)} % or less"
    yield from unwatched(stack, group, *METRICS, when=lambda watch: watch.fires_by(limit), wanted=wanted)


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
    unproven="That no node has two of the alarms, and another none: they are counted.",
    level=Level.ADVISORY,
)
