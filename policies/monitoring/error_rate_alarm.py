"""MON-004: an alarm fires when the error rate exceeds its limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..load_balancer.balancers import LOAD_BALANCERS, require_application
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
from .alarms import WatchedMetric, any_fires_by
from .balancers import alarms_on_balancer

ERROR_RATE = Parameter(
    "errorRatePercent",
    {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    0.1,
    "The highest percentage of failed requests at which an alarm must fire.",
)
FAILURES = ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count")
MAXIMUM_PERIOD = 3600  # seconds; an alarm over a day or more measures an error budget and fires too late
_PERCENT = 100


def check(balancer: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_application(balancer)
    limit = parameters[ERROR_RATE.name]
    counts = 0

    def rates() -> Iterator[WatchedMetric]:
        nonlocal counts
        for metric in FAILURES:
            for watched in alarms_on_balancer(stack, balancer, metric):
                # A count is not a rate: ten errors are 10 % of a hundred requests.
                if "/" in watched.expression and "RequestCount" in watched.metrics and watched.period <= MAXIMUM_PERIOD:
                    yield watched
                else:
                    counts += 1

    if not any_fires_by(rates(), limit, _PERCENT):
        yield Finding(
            "alarm on failed requests",
            f"{counts} on a count or over more than an hour, none on the rate within an hour" if counts else "missing",
            f"an alarm on failures divided by RequestCount at {shown(limit)} % or below",
        )


RULE = StackRule(
    id="MON-004",
    name="error-rate-alarm",
    title="An alarm fires when the rate of failed requests exceeds its limit.",
    item=ChecklistItem.ERROR_RATE,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation=(
        "Create an alarm on 100 * HTTPCode_Target_5XX_Count / RequestCount of the load balancer with threshold 0.1."
    ),
    example="""def counted(id: str, name: str):
    dimensions = {"LoadBalancer": balancer.arn_suffix}
    metric = {"namespace": "AWS/ApplicationELB", "metric_name": name, "dimensions": dimensions}
    return {"id": id, "metric": {**metric, "stat": "Sum", "period": 300}}


aws.cloudwatch.MetricAlarm(
    "error-rate",
    metric_queries=[
        counted("errors", "HTTPCode_Target_5XX_Count"),
        counted("requests", "RequestCount"),
        {"id": "rate", "expression": "100 * FILL(errors, 0) / requests", "return_data": True},
    ],
    comparison_operator="GreaterThanThreshold",
    threshold=0.1,  # percent
    evaluation_periods=1,
    treat_missing_data="notBreaching",
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    read=date(2026, 11, 24),
    parameters=(ERROR_RATE,),
    pitfall=Pitfall.NO_MONITORING,
    unproven="The rule does not see the actual error rate, and evaluates an expression only by its form.",
    level=Level.ADVISORY,
)
