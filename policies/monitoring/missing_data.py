"""MON-011: an alarm on the health of a resource fires on missing data, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    block,
    items,
    shown,
)
from .alarms import METRIC_ALARM

HEALTH_METRICS = frozenset(
    {
        "HealthyHostCount",  # load balancers: without a registered target there is no data
        "HealthCheckStatus",  # Route 53
        "HealthCheckPercentageHealthy",
        "SuccessPercent",  # canaries
        "RunningTaskCount",  # Container Insights
        "NumberOfBackupJobsCompleted",
    }
)


def check(alarm: Resource, _parameters: Parameters) -> Iterator[Finding]:
    properties = alarm.properties
    if properties.get("comparisonOperator") not in ("LessThanThreshold", "LessThanOrEqualToThreshold"):
        raise NotApplicable("the alarm reads no health metric")
    queries = [query for _, query in items(properties, "metricQueries")]
    metrics = {properties.get("metricName"), *(block(query, "metric").get("metricName") for query in queries)}
    if metrics.isdisjoint(HEALTH_METRICS):
        raise NotApplicable("the alarm reads no health metric")
    treatment = properties.get("treatMissingData")
    # An alarm that becomes "insufficient data" notifies, too, and does not fire before the first data point.
    notifies = treatment in (None, "missing") and properties.get("insufficientDataActions")
    if (
        treatment != "breaching"
        and not notifies
        and not any("FILL(" in str(query.get("expression")) for query in queries)
    ):
        found = shown(treatment) if treatment else 'not set (CloudWatch defaults to "missing")'
        yield Finding("treatMissingData", found, '"breaching"')


RULE = ResourceRule(
    id="MON-011",
    name="alarm-missing-data",
    title="An alarm on a health metric fires when data is missing.",
    item=ChecklistItem.UPTIME,
    severity=Severity.LOW,
    applies_to=(METRIC_ALARM,),
    check=check,
    remediation='Set treat_missing_data to "breaching", or "missing" with insufficient_data_actions: missing data '
    "means that the resource stopped reporting.",
    example="""aws.cloudwatch.MetricAlarm(
    "no-task",
    namespace="AWS/ApplicationELB",
    metric_name="HealthyHostCount",
    dimensions={"LoadBalancer": balancer.arn_suffix, "TargetGroup": group.arn_suffix},
    statistic="Maximum",
    comparison_operator="LessThanThreshold",
    threshold=1,
    period=60,
    evaluation_periods=5,
    treat_missing_data="breaching",
    alarm_actions=[topic.arn],
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data",
    read=date(2026, 11, 24),
    level=Level.ADVISORY,
)
