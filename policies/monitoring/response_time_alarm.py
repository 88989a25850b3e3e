"""MON-003: somebody is told when one request in twenty takes too long."""

from __future__ import annotations

import re
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

RESPONSE_TIME = Parameter(
    "responseTimeMs",
    {"type": "number", "exclusiveMinimum": 0},
    500,
    "The longest response time in ms that 95 % of requests may need.",
)
_PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)$")
_SECOND = 1000  # ms; TargetResponseTime is in seconds


def check(balancer: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    only_applications(balancer)
    limit = parameters[RESPONSE_TIME.name]
    found = list[str]()

    def of_the_slow() -> Iterator[WatchedMetric]:
        for watch in watched_metrics(stack, balancer, "TargetResponseTime"):
            found.append(watch.statistic)
            if is_strict(watch.statistic):
                yield watch

    if not any_of(of_the_slow(), limit, _SECOND):
        yield Finding(
            "alarm on TargetResponseTime",
            f"none that is raised in time, of {len(found)} ({', '.join(sorted(set(found)))})" if found else "missing",
            f"one on p95, or stricter, raised at {shown(limit)} ms or less",
        )


def is_strict(statistic: str) -> bool:
    """Whether it is p95 or stricter. An average is not: half of all users may wait far longer than it says."""
    match = _PERCENTILE.match(statistic)
    return statistic == "Maximum" or (match is not None and float(match[1]) >= 95)


RULE = StackRule(
    id="MON-003",
    name="response-time-alarm",
    title="Somebody is told when the 95th percentile of response times passes its limit.",
    item=ChecklistItem.RESPONSE_TIME,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Put an alarm on the load balancer's TargetResponseTime with extended_statistic p95 and threshold 0.5.",
    example="""aws.cloudwatch.MetricAlarm(
    "slow",
    namespace="AWS/ApplicationELB",
    metric_name="TargetResponseTime",
    dimensions={"LoadBalancer": balancer.arn_suffix},
    extended_statistic="p95",
    comparison_operator="GreaterThanThreshold",
    threshold=0.5,  # seconds
    period=300,
    evaluation_periods=3,
    treat_missing_data="notBreaching",
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html",
    read=date(2026, 11, 24),
    parameters=(RESPONSE_TIME,),
    pitfall=Pitfall.NO_MONITORING,
    unproven="That responses are that fast: the alarm says when they are not.",
    level=Level.ADVISORY,
)
