"""MON-014: somebody is told when a cache is at the end of its CPU, or throws entries away to make room."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, Severity, Stack, StackRule, shown
from .caches import REPLICATION_GROUP, unwatched
from .cpu_alarm import CPU

# On a node of one or two vCPUs the whole node's CPU is the one to watch, on larger ones the engine's single core.
PROCESSORS = ("EngineCPUUtilization", "CPUUtilization")


def check(group: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    limit = parameters[CPU.name]
    wanted = f"one a node at {shown(limit)} % or less"
    yield from unwatched(stack, group, *PROCESSORS, when=lambda watch: watch.fires_by(limit), wanted=wanted)
    wanted = "one a node, at a number that the application can live with"
    yield from unwatched(stack, group, "Evictions", when=lambda _: True, wanted=wanted)


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
    unproven="That no node has two of the alarms, and another none: they are counted.",
    level=Level.ADVISORY,
)
