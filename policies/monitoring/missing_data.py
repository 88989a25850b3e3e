"""MON-011: an alarm on a sign of life is raised when the sign stops coming, too."""

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

SIGNS_OF_LIFE = frozenset(
    {
        "HealthyHostCount",  # load balancers: with no registered target there is no sample at all
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
        raise NotApplicable("it watched_metrics no sign of life")
    queries = [query for _, query in items(properties, "metricQueries")]
    metrics = {properties.get("metricName"), *(block(query, "metric").get("metricName") for query in queries)}
    if metrics.isdisjoint(SIGNS_OF_LIFE):
        raise NotApplicable("it watched_metrics no sign of life")
    treatment = properties.get("treatMissingData")
    if treatment != "breaching" and not any("FILL(" in str(query.get("expression")) for query in queries):
        found = shown(treatment) if treatment else 'not set, which CloudWatch takes for "missing"'
        yield Finding("treatMissingData", found, '"breaching"')


RULE = ResourceRule(
    id="MON-011",
    name="alarm-missing-data",
    title="An alarm on a sign of life is raised when the sign is missing.",
    item=ChecklistItem.UPTIME,
    severity=Severity.LOW,
    applies_to=(METRIC_ALARM,),
    check=check,
    remediation='Set treat_missing_data to "breaching": whoever gave the sign is gone.',
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
