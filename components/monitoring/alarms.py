"""CloudWatch alarms from a table of metrics, thresholds and actions for the person on call.

Creates one aws.cloudwatch.MetricAlarm per row. Each notifies the topic when it enters and leaves the state ALARM. Its
description says what to do and links to its runbook (docs/runbooks/), because the e-mail is read without the dashboard.

Checklist: monitoring.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.metric import Metric
from components.monitoring.runbook import LONGEST_DESCRIPTION, check_runbooks, runbook_line

_LONGEST_TEXT = LONGEST_DESCRIPTION - 300  # minus the link's length

_COMPARISONS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}


class TreatMissingData(enum.StrEnum):
    """How an alarm evaluates a period without a data point.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (TreatMissingData;
    read 2026-11-24)
    """

    NOT_BREACHING = "notBreaching"
    """For counts of errors: no data point means no error."""
    BREACHING = "breaching"
    """For heartbeats: no data point means that the source is down."""
    MISSING = "missing"
    """For gauges: the alarm shows "insufficient data". Another alarm detects the absence, or `notify_missing` does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One alarm: `metrics` compared with `threshold`, and the action for the person on call."""

    summary: str
    """One sentence that says what is wrong."""
    action: str
    """What to do: where to look first, and the usual cause."""
    metrics: Mapping[str, Metric]
    """Metrics by the id that `expression` uses; exactly one without an expression."""
    comparison: Literal[">", ">=", "<", "<="]
    """How a breaching value compares with `threshold`."""
    threshold: float
    """Threshold in the metric's unit."""
    treat_missing_data: TreatMissingData
    """How a period without a data point is evaluated."""
    expression: str | None = None
    """Metric math over the ids: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html"""
    period_seconds: int = 300
    """Length of one period: 10, 30 or a multiple of 60."""
    evaluation_periods: int = 1
    """Number of most recent periods that are evaluated."""
    datapoints_to_alarm: int | None = None
    """Number of evaluated periods that must breach; None is all."""
    notify_missing: bool = False
    """Whether the topic is notified when data stops, with MISSING only. An alarm acts when its state changes, and a new
    one begins with "insufficient data": it sends no notification before the first data point.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html (actions on state changes;
    read 2026-11-28)"""

    def __post_init__(self) -> None:
        if self.expression is None and len(self.metrics) != 1:
            raise ValueError(
                f"metrics: an alarm without an expression has exactly one (got {len(self.metrics)}). Give one metric, "
                "or an expression that combines them."
            )
        if self.period_seconds not in (10, 30) and self.period_seconds % 60:
            raise ValueError(
                f"period_seconds: not a period of CloudWatch (got {self.period_seconds}). Use 10, 30 or a multiple of "
                "60."
            )
        if not 1 <= (self.datapoints_to_alarm or self.evaluation_periods) <= self.evaluation_periods:
            raise ValueError(
                f"datapoints_to_alarm: more than the evaluated periods, or none (got {self.datapoints_to_alarm}). Give "
                f"1 to {self.evaluation_periods}."
            )
        if self.notify_missing and self.treat_missing_data is not TreatMissingData.MISSING:
            raise ValueError(
                f"notify_missing: has no effect with treat_missing_data {self.treat_missing_data} (got True). Use "
                "MISSING, or leave it out."
            )
        if len(self.description) > _LONGEST_TEXT:
            raise ValueError(
                f"summary and action: too long for CloudWatch together with the runbook's link (got "
                f"{len(self.description)} characters). Use at most {_LONGEST_TEXT}."
            )
        longest = 604_800 if self.period_seconds >= 3_600 else 86_400
        if self.period_seconds * self.evaluation_periods > longest:
            raise ValueError(
                f"evaluation_periods: the alarm evaluates too long a time for periods of {self.period_seconds} s (got "
                f"{self.period_seconds * self.evaluation_periods} s). CloudWatch allows {longest} s."
            )

    @property
    def description(self) -> str:
        """The alarm's description without the link to its runbook."""
        return f"{self.summary}\nWhat to do: {self.action}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmsArgs:
    """Arguments of Alarms."""

    alarms: Mapping[str, Alarm]
    """Alarms by name. The name is part of the identity: the alarm "errors" of the component "api" is api-errors."""
    topic_arn: Input[str]
    """ARN of an SNS topic in the same region, whose policy allows CloudWatch to publish."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    topic_overrides: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """ARNs of other topics, by name of the alarm that notifies them instead of `topic_arn`."""
    region: str | None = None
    """Region of the metrics; None is the provider's region."""
    runbooks: str | None = None
    """URL of the folder of runbooks, such as .../docs/runbooks; None omits the links."""

    def __post_init__(self) -> None:
        check_runbooks(self.runbooks)
        unknown = sorted(self.topic_overrides.keys() - self.alarms.keys())
        if unknown:
            raise ValueError(
                f"topic_overrides: no such alarms (got {', '.join(unknown)}). Use {', '.join(sorted(self.alarms))}."
            )


class Alarms(pulumi.ComponentResource):
    """A set of metric alarms."""

    arns: Mapping[str, Output[str]]
    """ARNs of the alarms by name."""

    def __init__(self, name: str, args: AlarmsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Alarms", name, None, opts)
        self.arns = {key: self._alarm(f"{name}-{key}", key, alarm, args).arn for key, alarm in args.alarms.items()}
        self.register_outputs({"arns": self.arns})

    def _alarm(self, logical_name: str, key: str, alarm: Alarm, args: AlarmsArgs) -> aws.cloudwatch.MetricAlarm:
        topic_arn = args.topic_overrides.get(key, args.topic_arn)
        common = aws.cloudwatch.MetricAlarmArgs(
            alarm_description=alarm.description + runbook_line(args.runbooks, key),
            comparison_operator=_COMPARISONS[alarm.comparison],
            threshold=alarm.threshold,
            evaluation_periods=alarm.evaluation_periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm or alarm.evaluation_periods,
            treat_missing_data=alarm.treat_missing_data.value,
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
            insufficient_data_actions=[topic_arn] if alarm.notify_missing else None,
            region=args.region,
            tags={**args.tags, "Name": logical_name},
        )
        if alarm.expression is None:
            _evaluate_metric(common, alarm)
        else:
            _evaluate_expression(common, alarm, alarm.expression)
        return aws.cloudwatch.MetricAlarm(logical_name, common, ResourceOptions(parent=self))


def _evaluate_metric(alarm_args: aws.cloudwatch.MetricAlarmArgs, alarm: Alarm) -> None:
    (metric,) = alarm.metrics.values()
    alarm_args.namespace = metric.namespace
    alarm_args.metric_name = metric.name
    alarm_args.dimensions = metric.dimensions
    alarm_args.period = alarm.period_seconds
    if metric.is_percentile:
        alarm_args.extended_statistic = metric.statistic
        # A percentile of few requests is not meaningful, so the alarm ignores periods with too few data points.
        alarm_args.evaluate_low_sample_count_percentiles = "ignore"
    else:
        alarm_args.statistic = metric.statistic


def _evaluate_expression(alarm_args: aws.cloudwatch.MetricAlarmArgs, alarm: Alarm, expression: str) -> None:
    operands = [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id=key,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=metric.dimensions,
                stat=metric.statistic,
                period=alarm.period_seconds,
            ),
        )
        for key, metric in alarm.metrics.items()
    ]
    result = aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id="result", expression=expression, label=alarm.summary, return_data=True
    )
    alarm_args.metric_queries = [*operands, result]
