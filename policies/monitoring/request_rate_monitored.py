"""MON-007: how many requests come can be seen: a dashboard draws them, or an alarm watched_metrics them."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .balancers import LOAD_BALANCERS, NAMESPACE, only_applications, watched_metrics
from .dashboards import draws

METRICS = ("RequestCount", "RequestCountPerTarget")


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    only_applications(balancer)
    for metric in METRICS:
        # As the divisor of a rate nobody sees it.
        if any(not watch.expression for watch in watched_metrics(stack, balancer, metric)):
            return
    if not any(draws(stack, NAMESPACE, metric, balancer) for metric in METRICS):
        yield Finding("RequestCount", "on no dashboard and in no alarm", "a line on a dashboard")


RULE = StackRule(
    id="MON-007",
    name="request-rate-monitored",
    title="How many requests a load balancer gets can be seen.",
    item=ChecklistItem.REQUEST_RATE,
    severity=Severity.LOW,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Draw the load balancer's RequestCount (Sum) on a dashboard.",
    example="""requests = ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", balancer.arn_suffix, {"stat": "Sum"}]
aws.cloudwatch.Dashboard(
    "api",
    dashboard_name="api",
    dashboard_body=pulumi.Output.json_dumps(
        {"widgets": [{"type": "metric", "properties": {"region": "eu-west-1", "metrics": [requests]}}]}
    ),
)""",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html",
    read=None,
    pitfall=Pitfall.NO_MONITORING,
    level=Level.ADVISORY,
)
