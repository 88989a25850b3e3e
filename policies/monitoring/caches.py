"""ElastiCache nodes in CloudWatch, and the rules that require an alarm on each of them.

The rules differ only by metrics and limits: each file declares these and calls `node_alarm_rule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..inputs import number
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
from ..values import UnknownValue
from .alarms import alarms_on

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
NAMESPACE = "AWS/ElastiCache"

_EXAMPLE = """aws.cloudwatch.MetricAlarm(
    "{name}",
    namespace="AWS/ElastiCache",
    metric_name="{metric}",
    dimensions={{"CacheClusterId": pulumi.Output.concat(cache.replication_group_id, "-001")}},
    statistic="{statistic}",
    comparison_operator="GreaterThanThreshold",
    threshold={threshold},
    period=300,
    evaluation_periods=3,
    alarm_actions=[topic.arn],
)"""


@dataclass(frozen=True, slots=True)
class NodeAlarm:
    """An alarm that each node needs: on one of `metrics`, at `limit` percent or below, or at any threshold without."""

    metrics: tuple[str, ...]
    limit: Parameter | None = None


@dataclass(frozen=True, slots=True)
class AlarmExample:
    """The example's alarm: its logical name, metric, statistic and threshold."""

    name: str
    metric: str
    statistic: str
    threshold: int


def node_alarm_rule(
    *,
    id: str,
    name: str,
    title: str,
    item: ChecklistItem,
    severity: Severity,
    alarms: tuple[NodeAlarm, ...],
    remediation: str,
    example: AlarmExample,
) -> StackRule:
    """Return the rule that each node of a replication group has all of `alarms`."""

    def check(group: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
        for alarm in alarms:
            yield from _missing_alarms(stack, group, alarm, parameters)

    return StackRule(
        id=id,
        name=name,
        title=title,
        item=item,
        severity=severity,
        applies_to=(REPLICATION_GROUP,),
        check=check,
        remediation=remediation,
        example=_EXAMPLE.format(
            name=example.name, metric=example.metric, statistic=example.statistic, threshold=example.threshold
        ),
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
        read=date(2026, 11, 28),
        parameters=tuple(alarm.limit for alarm in alarms if alarm.limit is not None),
        pitfall=Pitfall.NO_MONITORING,
        unproven="The rule counts the alarms; it does not see two alarms on one node and none on another.",
        level=Level.ADVISORY,
    )


def _missing_alarms(stack: Stack, group: Resource, alarm: NodeAlarm, parameters: Parameters) -> Iterator[Finding]:
    """Yield a finding unless the group has as many such alarms as nodes: at preview, an alarm's node is unknown."""
    limit = parameters[alarm.limit.name] if alarm.limit is not None else None
    nodes = _nodes(group)
    covered = 0
    unknown: UnknownValue | None = None
    for metric in alarm.metrics:
        for watched in alarms_on(stack, NAMESPACE, metric, group, "CacheClusterId"):
            try:
                covered += (limit is None or watched.fires_by(limit)) * (nodes if watched.of_all else 1)
            except UnknownValue as answer:
                unknown = answer
    if covered >= nodes:
        return
    if unknown is not None:
        raise unknown
    wanted = "an alarm per node" if limit is None else f"an alarm per node at {shown(limit)} % or below"
    yield Finding(f"alarms on {alarm.metrics[0]}", f"compliant for {covered} of {nodes} nodes", wanted)


def _nodes(group: Resource) -> int:
    """Return the number of nodes in all shards."""
    shards = int(number(group.properties, "numNodeGroups") or 1)
    replicas = int(number(group.properties, "replicasPerNodeGroup") or 0)
    return int(number(group.properties, "numCacheClusters") or shards * (1 + replicas))
