"""One CloudWatch metric with its statistic, for alarms and dashboards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input

# Statistics of GetMetricData; percentiles such as p95 are CloudWatch's extended statistics.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html (read 2026-11-28)
_SIMPLE = frozenset({"Average", "Maximum", "Minimum", "SampleCount", "Sum"})
_PERCENTILE = re.compile(r"p\d{1,2}(\.\d{1,10})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A metric and the statistic that aggregates its data points per period."""

    namespace: str
    """Namespace, such as AWS/ECS, AWS/ApplicationELB or a custom one."""
    name: Input[str]
    """Name in the namespace, such as CPUUtilization."""
    dimensions: Mapping[str, Input[str]]
    """Dimension values by dimension name."""
    statistic: str
    """Average, Maximum, Minimum, SampleCount, Sum, or a percentile such as p95."""

    def __post_init__(self) -> None:
        if self.statistic not in _SIMPLE and not self.is_percentile:
            raise ValueError(
                f"statistic: not a statistic of CloudWatch (got {self.statistic!r}). Use {', '.join(sorted(_SIMPLE))} "
                "or a percentile such as p95."
            )

    @property
    def is_percentile(self) -> bool:
        """Whether the statistic is a percentile."""
        return _PERCENTILE.fullmatch(self.statistic) is not None
