"""Tests of scaling targets."""

from __future__ import annotations

import pytest

from components.ecs.scaling_targets import MetricTarget, RequestTarget, ScheduledCapacity
from components.monitoring.metric import Metric


def test_request_target_below_one_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"requests_per_minute: below 1 \(got 0\)\. Set 1 or more"):
        RequestTarget(requests_per_minute=0, load_balancer_arn_suffix="a", target_group_arn_suffix="b")


def test_schedule_with_invalid_time_zone_or_bounds_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"schedule: not a schedule expression \(got 'daily'\)"):
        ScheduledCapacity(schedule="daily", min_tasks=1, max_tasks=2)
    with pytest.raises(ValueError, match=r"timezone: not a time zone name \(got 'berlin'\)"):
        ScheduledCapacity(schedule="rate(1 day)", min_tasks=1, max_tasks=2, timezone="berlin")
    with pytest.raises(ValueError, match=r"min_tasks, max_tasks: not valid bounds \(got 3, 2\)"):
        ScheduledCapacity(schedule="rate(1 day)", min_tasks=3, max_tasks=2)


def test_metric_target_of_zero_is_rejected() -> None:
    waiting = Metric(namespace="app", name="JobsForEachWorker", dimensions={}, statistic="Average")
    with pytest.raises(ValueError, match=r"value: not above 0 \(got 0\)\. Set more than 0"):
        MetricTarget(metric=waiting, value=0)
