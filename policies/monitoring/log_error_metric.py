"""LOG-003: errors in a service's log increment a metric that has an alarm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
)
from .alarms import METRIC_ALARM, is_read
from .log_groups import LOG_GROUP, is_of_containers

FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"


def check(group: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not is_of_containers(stack, group):
        raise NotApplicable("no container of this stack writes to the log group")
    filters = [
        metric_filter
        for output in ("name", "id")
        for metric_filter in stack.referring((FILTER,), "logGroupName", group, output)
    ]
    if not filters:
        yield Finding("metric filter", "missing", "a metric filter that counts errors, and an alarm on its metric")
    elif not any(_has_alarm(metric_filter, group, stack) for metric_filter in filters):
        yield Finding("alarm on the count of errors", "missing", "an alarm on the filter's metric")


def _has_alarm(metric_filter: Resource, group: Resource, stack: Stack) -> bool:
    # At preview the metric's name is often unknown because it contains the group's name; the references identify it.
    for source in (metric_filter, group):
        if any(True for _ in stack.referring((METRIC_ALARM,), "metricName", source, "arn")):
            return True
    metric = block(metric_filter.properties, "metricTransformation")
    return is_read(stack, str(metric.get("namespace")), str(metric.get("name")))


RULE = StackRule(
    id="LOG-003",
    name="log-error-metric",
    title="Errors in a service's log increment a metric that has an alarm.",
    item=ChecklistItem.ERROR_TRACKING,
    severity=Severity.MEDIUM,
    applies_to=(LOG_GROUP,),
    check=check,
    remediation="Create a metric filter that counts errors in the log group, and an alarm on its metric.",
    example="""aws.cloudwatch.LogMetricFilter(
    "errors",
    log_group_name=logs.name,
    pattern='{ $.level = "error" }',
    metric_transformation={"namespace": "api", "name": "errors", "value": "1", "default_value": "0"},
)
aws.cloudwatch.MetricAlarm(
    "logged-errors",
    namespace="api",
    metric_name="errors",
    statistic="Sum",
    comparison_operator="GreaterThanThreshold",
    threshold=10,
    period=300,
    evaluation_periods=1,
    treat_missing_data="notBreaching",
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
    read=date(2026, 11, 24),
    pitfall=Pitfall.NO_MONITORING,
    unproven="The rule does not see whether errors are traced to their cause, as an error tracker such as Sentry does.",
    level=Level.ADVISORY,
)
