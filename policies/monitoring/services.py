"""ECS services in CloudWatch: their utilization metrics, and the rules that require an alarm on them.

The rules differ only by metric and limit: each file declares these and calls `utilization_alarm_rule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..ecs.services import SERVICE
from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameter,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
    shown,
)
from .alarms import WatchedMetric, alarms_on, any_fires_by

NAMESPACE = "AWS/ECS"
DIMENSION = "ServiceName"
INSIGHTS = "ECS/ContainerInsights"

_EXAMPLE = """aws.cloudwatch.MetricAlarm(
    "{name}",
    namespace="AWS/ECS",
    metric_name="{metric}",
    dimensions={{"ClusterName": cluster.name, "ServiceName": service.name}},
    statistic="Average",
    comparison_operator="GreaterThanThreshold",
    threshold={threshold},
    period=300,
    evaluation_periods=3,
    alarm_actions=[topic.arn],
)"""


def require_called(service: Resource) -> None:
    """Raise NotApplicable for a worker service, which may use all of its CPU."""
    if not any(declared(service.properties, key) for key in ("loadBalancers", "serviceConnectConfiguration")):
        raise NotApplicable("the service is a worker, which may use all of its CPU")


def utilization_alarm_rule(
    *,
    id: str,
    name: str,
    title: str,
    item: ChecklistItem,
    resource_metric: str,
    insights_metrics: tuple[str, str],
    limit: Parameter,
    workers: bool,
    example: str,
    unproven: str,
) -> StackRule:
    """Return the rule that an alarm on a service's utilization fires at `limit` percent or below.

    `insights_metrics` are Container Insights' used and reserved amounts. `workers`: the rule evaluates services that
    receive no requests, too. `example` is the logical name of the example's alarm.
    """

    def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
        if not workers:
            require_called(service)
        maximum = parameters[limit.name]
        if not any_fires_by(_utilization_alarms(stack, service, resource_metric, *insights_metrics), maximum):
            wanted = f"an alarm at {shown(maximum)} % or below"
            yield Finding(f"alarm on {resource_metric}", "missing, or the threshold is too high", wanted)

    return StackRule(
        id=id,
        name=name,
        title=title,
        item=item,
        severity=Severity.MEDIUM,
        applies_to=(SERVICE,),
        check=check,
        remediation=f"Create an alarm on the service's {resource_metric} (AWS/ECS) with threshold {limit.default}.",
        example=_EXAMPLE.format(name=example, metric=resource_metric, threshold=limit.default),
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html",
        read=date(2026, 11, 24),
        parameters=(limit,),
        pitfall=Pitfall.NO_MONITORING,
        unproven=unproven,
        level=Level.ADVISORY,
    )


def _utilization_alarms(
    stack: Stack, service: Resource, metric: str, used: str, reserved: str
) -> Iterator[WatchedMetric]:
    """Yield the alarms on the utilization in percent: ECS's metric, or Container Insights' used / reserved."""
    yield from alarms_on(stack, NAMESPACE, metric, service, DIMENSION)
    for watched in alarms_on(stack, INSIGHTS, used, service, DIMENSION):
        if reserved in watched.metrics and "/" in watched.expression:
            yield watched
