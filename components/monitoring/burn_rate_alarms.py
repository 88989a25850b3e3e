"""Burn-rate alarms on a service level objective.

Creates, for each burn rate, two metric alarms and a composite alarm on both; only the composite alarm notifies the
topic. The long window shows that the budget loss is significant, the short one that it continues. An outage of two
minutes therefore raises no alarm, and an alarm ends minutes after its cause.

The burn rates are those of Google's SRE Workbook for a budget of 30 days (https://sre.google/workbook/alerting-on-slos/,
table 5-8, as others quote it, 2026-11-24): 2 % of the budget in an hour and 5 % in six are pages, 10 % in three days is
a ticket. At a burn rate of 1 the budget lasts exactly 30 days.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.metric import Metric
from components.monitoring.runbook import check_runbooks, runbook_line


@dataclass(frozen=True, kw_only=True, slots=True)
class BurnRate:
    """A burn rate and its two windows."""

    rate: float
    """Multiple of the rate that spends the budget in exactly 30 days."""
    long_seconds: int
    """Length of the long window."""
    short_seconds: int
    """Length of the short window."""
    meaning: str
    """Budget loss in the long window, for the alarm's description."""


BURN_RATES: Mapping[str, BurnRate] = {
    "fast-burn": BurnRate(
        rate=14.4,
        long_seconds=3_600,
        short_seconds=300,
        meaning="2 % of the month's error budget was spent in an hour",
    ),
    "steady-burn": BurnRate(
        rate=6,
        long_seconds=21_600,
        short_seconds=1_800,
        meaning="5 % of the month's error budget was spent in six hours",
    ),
    "slow-burn": BurnRate(
        rate=1,
        long_seconds=259_200,
        short_seconds=21_600,
        meaning="10 % of the month's error budget was spent in three days",
    ),
}
"""Burn rates by alarm name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BurnRateAlarmsArgs:
    """Arguments of BurnRateAlarms."""

    requests: Metric
    """Number of requests, with the statistic Sum."""
    failures: Mapping[str, Metric]
    """Numbers of failed requests, which are added; the names are ids in metric math. A metric without data counts as
    0."""
    objective_percent: float
    """Percentage of requests that must succeed, such as 99.9; 93.1 to less than 100."""
    topic_arn: Input[str]
    """ARN of an SNS topic in the same region, whose policy allows CloudWatch to publish."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    topic_overrides: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """ARNs of other topics, by the burn rate whose alarm notifies them instead of `topic_arn`."""
    min_failures: int = 10
    """Failures in the long window below which no alarm fires; 1 or more. One failure of 60 requests in a quiet hour is
    1.7 %, and no incident."""
    runbooks: str | None = None
    """URL of the folder of runbooks; None omits the links."""

    def __post_init__(self) -> None:
        if not 90 <= self.objective_percent < 100:
            raise ValueError(
                f"objective_percent: leaves no error budget, or too large a one (got {self.objective_percent}). Give "
                "90 to less than 100."
            )
        if BURN_RATES["fast-burn"].rate * self.budget_percent > 100:
            raise ValueError(
                "objective_percent: the fast-burn alarm could never fire, because 14.4 times the budget is more than "
                f"100 % of the requests (got {self.objective_percent}). Give 93.1 or more."
            )
        if not self.failures or "requests" in self.failures:
            raise ValueError(
                f"failures: empty, or a metric has the id 'requests' (got {sorted(self.failures)}). Give one metric or "
                "more with other ids."
            )
        if self.min_failures < 1:
            raise ValueError(f"min_failures: must be positive (got {self.min_failures}). Give 1 or more.")
        for metric in (self.requests, *self.failures.values()):
            if metric.statistic != "Sum":
                raise ValueError(
                    f"statistic: an objective counts requests (got {metric.statistic}). Use the statistic Sum."
                )
        check_runbooks(self.runbooks)
        unknown = sorted(self.topic_overrides.keys() - BURN_RATES.keys())
        if unknown:
            raise ValueError(
                f"topic_overrides: no such burn rates (got {', '.join(unknown)}). Use {', '.join(BURN_RATES)}."
            )

    @property
    def budget_percent(self) -> float:
        """Percentage of requests that may fail, rounded because 100 - 99.9 is not 0.1 in floating point."""
        return round(100 - self.objective_percent, 6)


class BurnRateAlarms(pulumi.ComponentResource):
    """The composite alarms of an objective, one per burn rate."""

    arns: Mapping[str, Output[str]]
    """ARNs of the composite alarms by the names of BURN_RATES."""

    def __init__(self, name: str, args: BurnRateAlarmsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:BurnRateAlarms", name, None, opts)
        self._logical_name = name
        self._child = ResourceOptions(parent=self)
        self.arns = {key: self._burn(key, rate, args).arn for key, rate in BURN_RATES.items()}
        self.register_outputs({"arns": self.arns})

    def _burn(self, key: str, rate: BurnRate, args: BurnRateAlarmsArgs) -> aws.cloudwatch.CompositeAlarm:
        long = self._window(f"{key}-long", rate, rate.long_seconds, args.min_failures, args)
        short = self._window(f"{key}-short", rate, rate.short_seconds, 1, args)
        logical_name = f"{self._logical_name}-{key}"
        return aws.cloudwatch.CompositeAlarm(
            logical_name,
            # A composite alarm has no automatic name; the long alarm's name ends in a suffix that is unique.
            alarm_name=Output.concat(long.name, "-and-short"),
            alarm_rule=Output.format('ALARM("{0}") AND ALARM("{1}")', long.name, short.name),
            alarm_description=(
                f"{rate.meaning}: requests fail at {rate.rate:g} times the rate that {args.objective_percent:g} %"
                " allows, and continue to fail.\nWhat to do: find out which requests fail, and since when, in the"
                " dashboard's API row, then in the service's log and Sentry. If a new revision causes them, roll back."
                + runbook_line(args.runbooks, key)
            ),
            alarm_actions=[args.topic_overrides.get(key, args.topic_arn)],
            ok_actions=[args.topic_overrides.get(key, args.topic_arn)],
            tags={**args.tags, "Name": logical_name},
            opts=self._child,
        )

    def _window(
        self, key: str, rate: BurnRate, seconds: int, min_failures: int, args: BurnRateAlarmsArgs
    ) -> aws.cloudwatch.MetricAlarm:
        """Create the alarm of one window, which has no actions: the composite alarm evaluates its state."""
        logical_name = f"{self._logical_name}-{key}"
        return aws.cloudwatch.MetricAlarm(
            logical_name,
            alarm_description=(
                f"Failed requests of the last {_duration(seconds)}, in percent. Part of a composite alarm; it sends no"
                " notifications."
            ),
            comparison_operator="GreaterThanThreshold",
            threshold=round(rate.rate * args.budget_percent, 6),
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            metric_queries=[
                *(_operand(name, metric, seconds) for name, metric in args.failures.items()),
                _operand("requests", args.requests, seconds),
                {
                    "id": "result",
                    "expression": failed_percent(args.failures, min_failures),
                    "label": "failed requests, %",
                    "return_data": True,
                },
            ],
            tags={**args.tags, "Name": logical_name},
            opts=self._child,
        )


def failed_percent(failures: Mapping[str, Metric], min_failures: int = 1) -> str:
    """Return metric math over the failures' ids and `requests`. FILL covers counts without data points.

    A load balancer without a registered target counts its 503 responses as failures but not in RequestCount, so the
    expression divides by the failures where they exceed the requests. A total outage is then 100 % instead of no data.
    """
    failed = " + ".join(f"FILL({name}, 0)" for name in failures)
    total = f"IF(FILL(requests, 0) < ({failed}), ({failed}), FILL(requests, 0))"
    return f"IF(({failed}) >= {min_failures}, 100 * ({failed}) / {total}, 0)"


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


def _duration(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds < 3_600 else f"{seconds // 3_600} hours"
