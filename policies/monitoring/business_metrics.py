"""MON-012: the business is watched too: an alarm or a dashboard on metrics that only the application can know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    Parameter,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    items,
)
from ..values import UnknownValue
from .alarms import METRIC_ALARM
from .dashboards import drawn_metrics
from .services import SERVICE, only_answering

NAMESPACES = Parameter(
    "businessNamespaces",
    {"type": "array", "items": {"type": "string"}},
    (),
    "The CloudWatch namespaces of business metrics; none given means every one that is not AWS's own.",
)
# AWS's own beside those that begin with AWS/.
FROM_AWS = ("AWS/", "ECS/", "ContainerInsights", "LambdaInsights", "CWAgent", "CloudWatchSynthetics", "Glue")
# What is counted of the machine, not of the business.
TECHNICAL = re.compile(
    r"error|exception|fault|fail|latency|duration|timeout|retr(y|ies)|5xx|4xx|cpu|memory|heap", re.IGNORECASE
)


def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    only_answering(service)
    namespaces = parameters[NAMESPACES.name]
    watched, unknown = _watched(stack)
    if any(_is_business(namespace, metric, namespaces) for namespace, metric in watched):
        return
    if unknown is not None:
        raise unknown
    yield Finding(
        "metrics of the application", "in no alarm and on no dashboard", "active users, tasks created, retention"
    )


@lru_cache(maxsize=1)  # every service asks it of the same stack
def _watched(stack: Stack) -> tuple[frozenset[tuple[str, str]], UnknownValue | None]:
    """Namespace and name of what alarms read and dashboards draw, without AWS's own; and what is not known yet."""
    found: set[tuple[str, str]] = set()
    unknown: UnknownValue | None = None
    for alarm in stack.of((METRIC_ALARM,)):
        try:
            found.update(_read(alarm))
        except UnknownValue as answer:
            unknown = answer
    try:
        found.update(drawn_metrics(stack))
    except UnknownValue as answer:
        unknown = answer
    return frozenset(found), unknown


def _read(alarm: Resource) -> Iterator[tuple[str, str]]:
    for holder in (
        alarm.properties,
        *(block(query, "metric") for _, query in items(alarm.properties, "metricQueries")),
    ):
        namespace = str(holder.get("namespace") or "AWS/")
        if not namespace.startswith(FROM_AWS):
            yield namespace, str(holder.get("metricName"))


def _is_business(namespace: str, metric: str, namespaces: tuple[str, ...]) -> bool:
    if namespaces:
        return namespace in namespaces
    return not namespace.startswith(FROM_AWS) and not TECHNICAL.search(metric)


RULE = StackRule(
    id="MON-012",
    name="business-metrics",
    title="An alarm or a dashboard watches what users do, not only what machines do.",
    item=ChecklistItem.BUSINESS,
    severity=Severity.LOW,
    applies_to=(SERVICE,),
    check=check,
    remediation="Let the application log its own metrics (embedded metric format), and put an alarm on their absence.",
    example="""aws.cloudwatch.MetricAlarm(
    "no-tasks-created",
    namespace="shop/business",
    metric_name="TasksCreated",
    statistic="Sum",
    comparison_operator="LessThanThreshold",
    threshold=1,
    period=3600,
    evaluation_periods=24,
    treat_missing_data="breaching",
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html",
    read=None,
    parameters=(NAMESPACES,),
    unproven="That the application reports these metrics, and that they are the ones that matter.",
    level=Level.ADVISORY,
)
