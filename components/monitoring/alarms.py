"""CloudWatch alarms from a table: what is watched, from where on somebody must act, and what to do then.

Makes one aws.cloudwatch.MetricAlarm a row. Each tells the topic when it is raised and when it is over, and carries in
its description what to do, because it is read at three in the morning in a mail without the dashboard at hand; and a
link to its runbook, where there are any (docs/runbooks/).

Checklist: monitoring.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.metric import Metric
from components.monitoring.runbook import LONGEST_DESCRIPTION, check_runbooks, runbook_line

_LONGEST_TEXT = LONGEST_DESCRIPTION - 300  # for the link

_COMPARISONS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}


class TreatMissingData(enum.StrEnum):
    """What a period without a sample means.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (TreatMissingData;
    read 2026-11-24)
    """

    NOT_BREACHING = "notBreaching"  # counts of bad things: none were counted
    BREACHING = "breaching"  # signs of life: whoever gave them is gone
    MISSING = "missing"  # gauges: the alarm shows "insufficient data", and another alarm tells of the absence


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One row: `metrics` compared with `threshold`, and a person's next step."""

    summary: str  # one sentence: what is wrong
    action: str  # what to do: where to look first, what usually causes it
    metrics: Mapping[str, Metric]  # by the id that `expression` uses; exactly one where there is none
    comparison: Literal[">", ">=", "<", "<="]  # how a value and `threshold` make it bad
    threshold: float  # in the metric's own unit
    missing: TreatMissingData  # what a period without a sample means
    expression: str | None = None
    """Metric math over the ids: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html"""
    period_seconds: int = 300  # length of one period: 10, 30 or a multiple of 60
    periods: int = 1  # how many of the last periods are looked at
    bad_periods: int | None = None  # how many of them must be bad; None is all

    def __post_init__(self) -> None:
        if self.expression is None and len(self.metrics) != 1:
            raise ValueError(
                f"{len(self.metrics)} metrics without an expression; allowed is one, else say how they combine"
            )
        if self.period_seconds not in (10, 30) and self.period_seconds % 60:
            raise ValueError(f"period_seconds is {self.period_seconds}; allowed are 10, 30 and multiples of 60")
        if not 1 <= (self.bad_periods or self.periods) <= self.periods:
            raise ValueError(
                f"bad_periods is {self.bad_periods}; allowed are 1 to {self.periods}, the periods looked at"
            )
        if len(self.description) > _LONGEST_TEXT:
            raise ValueError(
                f"summary and action are {len(self.description)} characters; allowed are {_LONGEST_TEXT}, so that the"
                " link to the runbook still fits CloudWatch's 1,024"
            )
        longest, words = (604_800, "seven days") if self.period_seconds >= 3_600 else (86_400, "one day")
        if self.period_seconds * self.periods > longest:
            raise ValueError(
                f"looks back {self.period_seconds * self.periods} s; CloudWatch allows {longest}, {words}, for periods"
                f" of {self.period_seconds} s"
            )

    @property
    def description(self) -> str:
        return f"{self.summary}\nWhat to do: {self.action}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmsArgs:
    """The rows by name, and who hears of them."""

    alarms: Mapping[str, Alarm]  # names are identities: the alarm "errors" of the component "api" is api-errors
    topic_arn: Input[str]  # in the same region; its policy lets CloudWatch publish
    tags: Mapping[str, str]  # of everything made here that can have some; a Name is added
    region: str | None = None  # where the metrics are; None is the stack's region
    runbooks: str | None = None  # URL of the folder of runbooks, such as .../docs/runbooks; None leaves the links out

    def __post_init__(self) -> None:
        check_runbooks(self.runbooks)


class Alarms(pulumi.ComponentResource):
    """`arns` by the same names as the rows."""

    arns: Mapping[str, Output[str]]
    """ARN by the row's name."""

    def __init__(self, name: str, args: AlarmsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Alarms", name, None, opts)
        self.arns = {key: self._alarm(f"{name}-{key}", key, alarm, args).arn for key, alarm in args.alarms.items()}
        self.register_outputs({"arns": self.arns})

    def _alarm(self, logical_name: str, key: str, alarm: Alarm, args: AlarmsArgs) -> aws.cloudwatch.MetricAlarm:
        common = aws.cloudwatch.MetricAlarmArgs(
            alarm_description=alarm.description + runbook_line(args.runbooks, key),
            comparison_operator=_COMPARISONS[alarm.comparison],
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.bad_periods or alarm.periods,
            treat_missing_data=alarm.missing.value,
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            region=args.region,
            tags={**args.tags, "Name": logical_name},
        )
        if alarm.expression is None:
            _watch_metric(common, alarm)
        else:
            _watch_expression(common, alarm, alarm.expression)
        return aws.cloudwatch.MetricAlarm(logical_name, common, ResourceOptions(parent=self))


def _watch_metric(alarm_args: aws.cloudwatch.MetricAlarmArgs, alarm: Alarm) -> None:
    (metric,) = alarm.metrics.values()
    alarm_args.namespace = metric.namespace
    alarm_args.metric_name = metric.name
    alarm_args.dimensions = metric.dimensions
    alarm_args.period = alarm.period_seconds
    if metric.is_percentile:
        alarm_args.extended_statistic = metric.statistic
        # The slowest of a handful of requests is no percentile: wait until there are enough of them.
        alarm_args.evaluate_low_sample_count_percentiles = "ignore"
    else:
        alarm_args.statistic = metric.statistic


def _watch_expression(alarm_args: aws.cloudwatch.MetricAlarmArgs, alarm: Alarm, expression: str) -> None:
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
    watched = aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id="watched", expression=expression, label=alarm.summary, return_data=True
    )
    alarm_args.metric_queries = [*operands, watched]
