"""Counts the errors that a service writes to its log, so that an alarm can hear of those that no user saw.

Makes one aws.cloudwatch.LogMetricFilter over a log of JSON lines. It counts level "error" and worse, as winston writes
them, and levels of 50 and up, as pino does.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html (from memory, to be checked)
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

NAMESPACE = "tierup"
_PATTERN = '{ ($.level = "error") || ($.level = "crit*") || ($.level = "fatal") || ($.level >= 50) }'


@dataclass(frozen=True, kw_only=True, slots=True)
class LogErrorMetricArgs:
    """Which log."""

    log_group_name: Input[str]
    """Of JSON lines with a `level`, as Pino and Winston write."""


class LogErrorMetric(pulumi.ComponentResource):
    """The metric `metric_name` in NAMESPACE, without dimensions: errors counted, 0 while the log is quiet."""

    metric_name: Output[str]
    """Its name in the namespace."""

    def __init__(self, name: str, args: LogErrorMetricArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LogErrors", name, None, opts)
        # The log group's own name is unique in account and region, so two stacks never add up in one metric.
        self.metric_name = Output.concat(args.log_group_name, "-errors")
        aws.cloudwatch.LogMetricFilter(
            f"{name}-filter",
            log_group_name=args.log_group_name,
            pattern=_PATTERN,
            metric_transformation={
                "namespace": NAMESPACE,
                "name": self.metric_name,
                "value": "1",
                "default_value": "0",
                "unit": "Count",
            },
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"metric_name": self.metric_name})
