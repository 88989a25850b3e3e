"""A metric that counts the errors in a service's log, for an alarm on errors without a failed request.

Creates one aws.cloudwatch.LogMetricFilter for a log of JSON lines. It counts level "error" and above as winston writes
them, and levels of 50 and above as pino does.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html (read 2026-11-28)
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
    """Arguments of LogErrorMetric."""

    log_group_name: Input[str]
    """Name of a log group of JSON lines with a `level`, as pino and winston write them."""


class LogErrorMetric(pulumi.ComponentResource):
    """A metric in NAMESPACE without dimensions: the number of errors, 0 for log events without one."""

    metric_name: Output[str]
    """Name of the metric in NAMESPACE."""

    def __init__(self, name: str, args: LogErrorMetricArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LogErrorMetric", name, None, opts)
        # The log group's name is unique in account and region, so two stacks never share a metric.
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
