"""A metric of CloudWatch compared with a threshold, in a form that each monitoring vendor turns into its own query.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from components.monitoring.metric import Metric


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitoredThreshold:
    """The sum of `metrics`, or their percentage of `total`, compared with `threshold`."""

    summary: str
    """One sentence that says what is wrong."""
    action: str
    """What to do: where to look first, and the usual cause."""
    metrics: Sequence[Metric]
    """Metrics that are added. All have the same statistic."""
    comparison: Literal[">", "<"]
    """How a breaching value compares with `threshold`."""
    threshold: float
    """Threshold in the metric's unit, or in percent if there is a `total`."""
    window_minutes: int
    """Minutes for which the value must breach. Counts are added over the window."""
    total: Metric | None = None
    """Metric that is 100 %; None compares the sum itself."""
    min_total: int = 0
    """Least value of `total` in the window at which the threshold counts."""
    notify_missing: bool = False
    """Whether missing data is a breach, as for a heartbeat."""
    runbook: str | None = None
    """Alarm whose runbook applies; None is the one with the threshold's name."""
    urgent: bool = False
    """Whether users are affected now (severity page); otherwise the severity is ticket."""

    def __post_init__(self) -> None:
        statistics = {metric.statistic for metric in self.metrics}
        if len(statistics) != 1:
            raise ValueError(
                f"metrics: metrics with different statistics cannot be added (got {sorted(statistics)}). Give one or "
                "more with the same statistic."
            )
        if self.window_minutes < 1:
            raise ValueError(f"window_minutes: must be positive (got {self.window_minutes}). Give 1 or more.")
        if self.total is not None and {*statistics, self.total.statistic} != {"Sum"}:
            raise ValueError(
                f"total: a percentage needs counts (got {sorted({*statistics, self.total.statistic})}). Use the "
                "statistic Sum."
            )
        if self.min_total < 0 or (self.min_total and self.total is None):
            raise ValueError(
                f"min_total: negative, or given without total (got {self.min_total}). Give 0 or more, and a total."
            )

    @property
    def is_count(self) -> bool:
        """Whether the metrics are counts, which are added over the window."""
        return self.metrics[0].statistic == "Sum"
