"""Alarms on a service level objective: not "something failed" but "the error budget will not last".

Makes, for each pace at which the budget is burnt, two metric alarms and a composite alarm on both, which alone tells
the topic. The long window says that it matters, the short one that it still goes on: so an outage of two minutes wakes
nobody, and an alarm ends minutes after its cause.

The paces are those of Google's SRE Workbook for a budget of 30 days (https://sre.google/workbook/alerting-on-slos/,
table 5-8, as others quote it, 2026-11-24): 2 % of the budget in an hour and 5 % in six are pages, 10 % in three days is
a ticket. Burnt at pace 1, the budget lasts the 30 days exactly.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.metric import Metric
from components.monitoring.runbook import check_runbooks, runbook_line


@dataclass(frozen=True, kw_only=True, slots=True)
class BurnRate:
    """A pace, and the two windows over which it must hold."""

    pace: float  # 1 uses up the budget in exactly the 30 days
    long_seconds: int
    short_seconds: int
    meaning: str


BURN_RATES: Mapping[str, BurnRate] = {
    "fast-burn": BurnRate(
        pace=14.4, long_seconds=3_600, short_seconds=300, meaning="2 % of the month's error budget went in an hour"
    ),
    "steady-burn": BurnRate(
        pace=6, long_seconds=21_600, short_seconds=1_800, meaning="5 % of the month's error budget went in six hours"
    ),
    "slow-burn": BurnRate(
        pace=1,
        long_seconds=259_200,
        short_seconds=21_600,
        meaning="10 % of the month's error budget went in three days",
    ),
}
"""By alarm name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BurnRateAlarmsArgs:
    """What counts as a request, what as a failed one, and how many may fail."""

    requests: Metric
    """all of them, as a sum"""
    failures: Mapping[str, Metric]
    """Counts that are summed; the names are ids in metric math. One that never had a sample counts as 0."""
    objective_percent: float
    """Of requests that must be answered rightly, such as 99.9."""
    topic_arn: Input[str]
    """In the same region; its policy lets CloudWatch publish."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    least_failures: int = 10
    """In the long window; fewer wake nobody. Of 60 requests in a quiet hour one failure is 1.7 %, and no incident."""
    runbooks: str | None = None
    """URL of the folder of runbooks; None leaves the links out."""

    def __post_init__(self) -> None:
        if not 90 <= self.objective_percent < 100:
            raise ValueError(
                f"objective_percent is {self.objective_percent}; allowed is 90 to less than 100: with 100 there is no "
                "budget to burn"
            )
        if BURN_RATES["fast-burn"].pace * self.budget_percent > 100:
            raise ValueError(
                f"objective_percent is {self.objective_percent}; 14.4 times its budget is more than 100 % of failed "
                "requests, so that alarm could never be raised: take 93.1 or more"
            )
        if not self.failures or "requests" in self.failures:
            raise ValueError(
                f"failures holds {sorted(self.failures)}; give one metric or more, none of them under the id 'requests'"
            )
        if self.least_failures < 1:
            raise ValueError(f"least_failures is {self.least_failures}; allowed is 1 or more")
        for metric in (self.requests, *self.failures.values()):
            if metric.statistic != "Sum":
                raise ValueError(f"statistic is {metric.statistic}; an objective counts requests: take Sum")
        check_runbooks(self.runbooks)

    @property
    def budget_percent(self) -> float:
        """Of requests that may fail; rounded, because 100 - 99.9 is not 0.1 to a computer."""
        return round(100 - self.objective_percent, 6)


class BurnRateAlarms(pulumi.ComponentResource):
    """`arns` of the composite alarms by the names of BURN_RATES."""

    arns: Mapping[str, Output[str]]
    """ARN of each pace's alarm, by its name."""

    def __init__(self, name: str, args: BurnRateAlarmsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SloAlarms", name, None, opts)
        self._logical_name = name
        self._child = ResourceOptions(parent=self)
        self.arns = {key: self._burn(key, rate, args).arn for key, rate in BURN_RATES.items()}
        self.register_outputs({"arns": self.arns})

    def _burn(self, key: str, rate: BurnRate, args: BurnRateAlarmsArgs) -> aws.cloudwatch.CompositeAlarm:
        long = self._window(f"{key}-long", rate, rate.long_seconds, args.least_failures, args)
        short = self._window(f"{key}-short", rate, rate.short_seconds, 1, args)
        logical_name = f"{self._logical_name}-{key}"
        return aws.cloudwatch.CompositeAlarm(
            logical_name,
            # CloudWatch names none itself; the long alarm's name ends in characters that no other stack has.
            alarm_name=Output.concat(long.name, "-and-short"),
            alarm_rule=Output.format('ALARM("{0}") AND ALARM("{1}")', long.name, short.name),
            alarm_description=(
                f"{rate.meaning}: requests fail at {rate.pace:g} times the rate that {args.objective_percent:g} %"
                " allows, and still do.\nWhat to do: which requests fail, and since when? The dashboard's API row,"
                " then the service's log and Sentry. A new revision: roll back." + runbook_line(args.runbooks, key)
            ),
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            tags={**args.tags, "Name": logical_name},
            opts=self._child,
        )

    def _window(
        self, key: str, rate: BurnRate, seconds: int, least_failures: int, args: BurnRateAlarmsArgs
    ) -> aws.cloudwatch.MetricAlarm:
        """Silent by itself: it only lends its state to the composite alarm."""
        logical_name = f"{self._logical_name}-{key}"
        return aws.cloudwatch.MetricAlarm(
            logical_name,
            alarm_description=f"Failed requests of the last {_said(seconds)}, in percent. Tells nobody by itself.",
            comparison_operator="GreaterThanThreshold",
            threshold=round(rate.pace * args.budget_percent, 6),
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            metric_queries=[
                *(_operand(name, metric, seconds) for name, metric in args.failures.items()),
                _operand("requests", args.requests, seconds),
                {
                    "id": "watched",
                    "expression": failed_percent(args.failures, least_failures),
                    "label": "failed requests, %",
                    "return_data": True,
                },
            ],
            tags={**args.tags, "Name": logical_name},
            opts=self._child,
        )


def failed_percent(failures: Mapping[str, Metric], least_failures: int = 1) -> str:
    """Metric math over the failures' ids and `requests`; FILL, because a count that never happened has no samples."""
    failed = " + ".join(f"FILL({name}, 0)" for name in failures)
    return f"IF(({failed}) >= {least_failures}, 100 * ({failed}) / requests, 0)"


def _operand(name: str, metric: Metric, seconds: int) -> aws.cloudwatch.MetricAlarmMetricQueryArgsDict:
    return {
        "id": name,
        "metric": {
            "namespace": metric.namespace,
            "metric_name": metric.name,
            "dimensions": metric.dimensions,
            "stat": metric.statistic,
            "period": seconds,
        },
    }


def _said(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds < 3_600 else f"{seconds // 3_600} hours"
