"""Datadog's queries on metrics of CloudWatch, which its AWS integration collects under other names.

The names and tags are those of Datadog's pages on the integrations, such as
https://docs.datadoghq.com/integrations/amazon-elb/ (read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pulumi import Input, Output

from components.monitoring.metric import Metric
from components.monitoring.monitored_threshold import MonitoredThreshold

METRICS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("AWS/ApplicationELB", "HealthyHostCount"): "aws.applicationelb.healthy_host_count",
        ("AWS/ApplicationELB", "UnHealthyHostCount"): "aws.applicationelb.un_healthy_host_count",
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"): "aws.applicationelb.httpcode_target_5xx",
        ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count"): "aws.applicationelb.httpcode_elb_5xx",
        ("AWS/ApplicationELB", "RequestCount"): "aws.applicationelb.request_count",
        ("AWS/ApplicationELB", "TargetResponseTime"): "aws.applicationelb.target_response_time",
        ("AWS/ECS", "CPUUtilization"): "aws.ecs.service.cpuutilization",
        ("AWS/ECS", "MemoryUtilization"): "aws.ecs.service.memory_utilization",
        ("AWS/ElastiCache", "CPUCreditBalance"): "aws.elasticache.cpucredit_balance",
        ("AWS/ElastiCache", "CPUUtilization"): "aws.elasticache.cpuutilization",
        ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage"): "aws.elasticache.database_memory_usage_percentage",
        ("AWS/ElastiCache", "EngineCPUUtilization"): "aws.elasticache.engine_cpuutilization",
        ("AWS/ElastiCache", "Evictions"): "aws.elasticache.evictions",
    }
)
"""Datadog's name by namespace and name in CloudWatch. The statistic Average has no suffix, Maximum .maximum, and a
percentile its own name."""

NAMESPACES = tuple(sorted({namespace for namespace, _ in METRICS}))
"""The namespaces that the integration collects."""

_SPACE = {"Sum": "sum", "Average": "avg", "Maximum": "max", "Minimum": "min"}


def is_collected(metric: Metric) -> bool:
    """Return whether Datadog has a metric under a name that is documented."""
    return (metric.namespace, metric.name) in METRICS


def series(metric: Metric) -> Output[str]:
    """Return the query of one metric. Raises ValueError for a metric that is not in METRICS."""
    known = METRICS.get((metric.namespace, str(metric.name)))
    if known is None:
        raise ValueError(
            f"metrics: Datadog's name of a metric is not known (got {metric.namespace} {metric.name}). Use one of "
            f"{', '.join(sorted(name for _, name in METRICS))}."
        )
    suffix = (
        f".{metric.statistic.lower()}" if metric.is_percentile or metric.statistic in ("Maximum", "Minimum") else ""
    )
    aggregator = _SPACE.get(metric.statistic, "avg")
    counted = ".as_count()" if metric.statistic == "Sum" else ""
    tags: list[Input[str]] = []
    for number, (dimension, value) in enumerate(sorted(metric.dimensions.items())):
        # Datadog keeps the values of tags in lower case.
        lower = Output.from_input(value).apply(str.lower)
        tags.append(Output.concat("," if number else "", dimension.lower(), ":", lower))
    return Output.concat(aggregator, ":", known, suffix, "{", *(tags or ["*"]), "}", counted)


def added(metrics: Sequence[Metric]) -> Output[str]:
    """Return the query of the sum of metrics. A metric without data counts as 0."""
    if len(metrics) == 1:
        return series(metrics[0])
    parts: list[Input[str]] = []
    for number, metric in enumerate(metrics):
        parts.extend([" + " if number else "", "default_zero(", series(metric), ")"])
    return Output.concat(*parts)


def monitor_query(threshold: MonitoredThreshold) -> Output[str]:
    """Return the query of a metric monitor: time_aggr(time_window):series operator #.

    A gauge breaches if all of its values in the window do, so the least one is compared with an upper threshold, and
    the greatest with a lower one. https://docs.datadoghq.com/api/latest/monitors/ (read 2026-11-28)
    """
    aggregator = "sum" if threshold.is_count else "min" if threshold.comparison == ">" else "max"
    value = added(threshold.metrics)
    if threshold.total is not None:
        value = Output.concat("100 * (", value, ") / ", series(threshold.total))
    return _query(aggregator, threshold, value, f"{threshold.comparison} {threshold.threshold:g}")


def total_query(threshold: MonitoredThreshold, total: Metric) -> Output[str]:
    """Return the query of the monitor that fires when enough of `total` was counted."""
    return _query("sum", threshold, series(total), f">= {threshold.min_total}")


def _query(aggregator: str, threshold: MonitoredThreshold, value: Output[str], condition: str) -> Output[str]:
    return Output.concat(f"{aggregator}(last_{threshold.window_minutes}m):", value, f" {condition}")
