"""MON-003: an alarm fires when the 95th percentile of the response time exceeds its limit."""

from __future__ import annotations

import re
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

RESPONSE_TIME = Parameter(
    "responseTimeMs",
    {"type": "number", "exclusiveMinimum": 0},
    500,
    "The highest response time in ms at the 95th percentile at which an alarm must fire.",
)
_PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)$")
_MS_PER_SECOND = 1000  # TargetResponseTime is in seconds


def check(balancer: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_application(balancer)
    limit = parameters[RESPONSE_TIME.name]
    found = list[str]()

    def percentile_alarms() -> Iterator[WatchedMetric]:
        for watched in alarms_on_balancer(stack, balancer, "TargetResponseTime"):
            found.append(watched.statistic)
            if is_strict(watched.statistic):
                yield watched

    if not any_fires_by(percentile_alarms(), limit, _MS_PER_SECOND):
        yield Finding(
            "alarm on TargetResponseTime",
            f"no compliant alarm among {len(found)} ({', '.join(sorted(set(found)))})" if found else "missing",
            f"an alarm on p95 or stricter at {shown(limit)} ms or below",
        )


def is_strict(statistic: str) -> bool:
    """Return whether the statistic is p95 or stricter. An average is not: it hides the slowest requests."""
    match = _PERCENTILE.match(statistic)
    return statistic == "Maximum" or (match is not None and float(match[1]) >= 95)


RULE = StackRule(
    id="MON-003",
    name="response-time-alarm",
    title="An alarm fires when the 95th percentile of the response time exceeds its limit.",
    item=ChecklistItem.RESPONSE_TIME,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation=(
        "Create an alarm on the load balancer's TargetResponseTime with extended_statistic p95 and threshold 0.5."
    ),
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
    unproven="The rule does not see the actual response times.",
    level=Level.ADVISORY,
)
