"""One CloudWatch metric: the value that alarms watch and dashboards draw."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input

# Statistics as GetMetricData takes them; p95 and its like are CloudWatch's "extended" ones.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html (from memory)
_SIMPLE = frozenset({"Average", "Maximum", "Minimum", "SampleCount", "Sum"})
_PERCENTILE = re.compile(r"p\d{1,2}(\.\d{1,10})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A metric of one thing (its dimensions) and how its samples become one number a period."""

    namespace: str  # AWS/ECS, AWS/ApplicationELB, or one's own
    name: Input[str]  # its name there, such as CPUUtilization
    dimensions: Mapping[str, Input[str]]  # what of, by the dimension's name
    statistic: str  # Average, Maximum, Minimum, SampleCount, Sum, or a percentile such as p95

    def __post_init__(self) -> None:
        if self.statistic not in _SIMPLE and not self.is_percentile:
            raise ValueError(
                f"statistic is '{self.statistic}'; allowed are {', '.join(sorted(_SIMPLE))} and percentiles such as p95"
            )

    @property
    def is_percentile(self) -> bool:
        return _PERCENTILE.fullmatch(self.statistic) is not None
