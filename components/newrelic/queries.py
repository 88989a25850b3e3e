"""NRQL queries on metrics of CloudWatch, as a metric stream brings them to New Relic.

A metric has its name in CloudWatch behind that of its namespace, and a dimension is an attribute with the same prefix:
FROM Metric SELECT average(`aws.ecs.CPUUtilization`) WHERE `aws.ecs.ServiceName` = '...'.
https://docs.newrelic.com/docs/infrastructure/amazon-integrations/connect/aws-metric-stream/ (as others quote it,
2026-11-28)
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from pulumi import Input, Output

from components.monitoring.metric import Metric
from components.monitoring.monitored_threshold import MonitoredThreshold

_FUNCTIONS = MappingProxyType({"Sum": "sum", "Average": "average", "Maximum": "max", "Minimum": "min"})
"""The function by statistic. A percentile has none: the stream brings minimum, maximum, sum and count."""


def is_streamed(threshold: MonitoredThreshold) -> bool:
    """Return whether the stream has the statistics of the threshold."""
    metrics = [*threshold.metrics, *([threshold.total] if threshold.total is not None else [])]
    return all(metric.statistic in _FUNCTIONS for metric in metrics)


def condition_query(threshold: MonitoredThreshold) -> Output[str]:
    """Return the NRQL query of a threshold. Raises ValueError for a percentile.

    Metrics that are added have the same name, and differ in one dimension. A total below `min_total` makes the share 0.
    """
    if not is_streamed(threshold):
        raise ValueError(
            "metrics: a metric stream has no percentiles for New Relic (got "
            f"{', '.join(metric.statistic for metric in threshold.metrics)}). Use Sum, Average, Maximum or Minimum."
        )
    first = threshold.metrics[0]
    value = f"{_FUNCTIONS[first.statistic]}({_attribute(first, str(first.name))})"
    where = _where(threshold.metrics)
    if threshold.total is None:
        return Output.concat("FROM Metric SELECT ", value, " WHERE ", where)
    total = f"sum({_attribute(threshold.total, str(threshold.total.name))})"
    share = Output.concat("100 * filter(", value, ", WHERE ", where, ") / ", total)
    enough_events = f"if({total} >= {threshold.min_total}, 1, 0)"
    return Output.concat("FROM Metric SELECT ", share, " * ", enough_events, " WHERE ", _where([threshold.total]))


def _attribute(metric: Metric, name: str) -> str:
    return f"`{metric.namespace.lower().replace('/', '.')}.{name}`"


def _where(metrics: Sequence[Metric]) -> Output[str]:
    """Return the condition that holds for the data points of any of the metrics."""
    parts: list[Input[str]] = []
    for number, metric in enumerate(metrics):
        parts.append(" OR " if number else "")
        parts.append("(" if len(metrics) > 1 else "")
        for position, (dimension, value) in enumerate(sorted(metric.dimensions.items())):
            parts.extend([" AND " if position else "", f"{_attribute(metric, dimension)} = '", value, "'"])
        parts.append(")" if len(metrics) > 1 else "")
    return Output.concat(*parts)
