"""MON-007: the request rate of a load balancer is on a dashboard or in an alarm."""

from __future__ import annotations

from collections.abc import Iterator

from ..load_balancer.balancers import LOAD_BALANCERS, require_application
from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .balancers import NAMESPACE, alarms_on_balancer
from .dashboards import shows

METRICS = ("RequestCount", "RequestCountPerTarget")


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_application(balancer)
    for metric in METRICS:
        # As the divisor of a rate, the count itself is not visible.
        if any(not watched.expression for watched in alarms_on_balancer(stack, balancer, metric)):
            return
    if not any(shows(stack, NAMESPACE, metric, balancer) for metric in METRICS):
        yield Finding("RequestCount", "on no dashboard and in no alarm", "a metric widget on a dashboard")


RULE = StackRule(
    id="MON-007",
    name="request-rate-monitored",
    title="A load balancer's request count is on a dashboard or in an alarm.",
    item=ChecklistItem.REQUEST_RATE,
    severity=Severity.LOW,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Add the load balancer's RequestCount (Sum) to a dashboard.",
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
