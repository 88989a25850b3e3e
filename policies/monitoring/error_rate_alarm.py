"""MON-004: somebody is told when too large a part of the requests fails."""

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
from .alarms import WatchedMetric, any_of
from .balancers import LOAD_BALANCERS, only_applications, watched_metrics

ERROR_RATE = Parameter(
    "errorRatePercent",
    {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    0.1,
    "The largest part of all requests, in percent, that may fail.",
)
FAILURES = ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count")
LONGEST = 3600  # seconds; over a day or more it is an error budget, of which one hears too late
_PERCENT = 100


def check(balancer: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    only_applications(balancer)
    limit = parameters[ERROR_RATE.name]
    counts = 0

    def rates() -> Iterator[WatchedMetric]:
        nonlocal counts
        for metric in FAILURES:
            for watch in watched_metrics(stack, balancer, metric):
                # A count alone says nothing of a rate: ten errors are one request in ten of a hundred.
                if "/" in watch.expression and "RequestCount" in watch.metrics and watch.period <= LONGEST:
                    yield watch
                else:
                    counts += 1

    if not any_of(rates(), limit, _PERCENT):
        yield Finding(
            "alarm on failed requests",
            f"{counts} on a number of failures or over days, none on their rate within the hour"
            if counts
            else "missing",
            f"one on failures divided by RequestCount, raised at {shown(limit)} % or less",
        )


RULE = StackRule(
    id="MON-004",
    name="error-rate-alarm",
    title="Somebody is told when the part of requests that fail passes its limit.",
    item=ChecklistItem.ERROR_RATE,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Put an alarm on 100 * HTTPCode_Target_5XX_Count / RequestCount of the load balancer, threshold 0.1.",
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
    unproven="That so few requests fail: the alarm says when more do. Its expression is evaluated by its shape.",
    level=Level.ADVISORY,
)
