"""The thresholds that every monitoring vendor monitors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.monitoring.metric import Metric
from components.monitoring.monitored_threshold import MonitoredThreshold

ERRORS = Metric(namespace="AWS/ApplicationELB", name="HTTPCode_Target_5XX_Count", dimensions={}, statistic="Sum")
CPU = Metric(namespace="AWS/ECS", name="CPUUtilization", dimensions={}, statistic="Average")
THRESHOLD = MonitoredThreshold(
    summary="s", action="a", metrics=[ERRORS], comparison=">", threshold=10, window_minutes=5
)


def test_counts_and_gauges_are_distinguished() -> None:
    assert THRESHOLD.is_count
    assert not replace(THRESHOLD, metrics=[CPU]).is_count


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metrics": []}, "metrics: metrics with different statistics"),
        ({"metrics": [ERRORS, CPU]}, "metrics: metrics with different statistics"),
        ({"window_minutes": 0}, "window_minutes: must be positive"),
        ({"metrics": [CPU], "total": ERRORS}, "total: a percentage needs counts"),
        ({"min_total": 5}, "min_total: negative, or given without total"),
    ],
)
def test_wrong_arguments_are_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(THRESHOLD, **changes)
