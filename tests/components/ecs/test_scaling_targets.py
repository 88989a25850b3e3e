"""Targets that cannot be met are refused where they are written."""

from __future__ import annotations

import pytest

from components.ecs.scaling_targets import MetricTarget, RequestTarget, ScheduledCapacity
from components.monitoring.metric import Metric


def test_a_task_takes_one_request_at_least() -> None:
    with pytest.raises(ValueError, match="requests_per_minute: got 0, allowed 1 or more"):
        RequestTarget(requests_per_minute=0, load_balancer_arn_suffix="a", target_group_arn_suffix="b")


def test_a_schedule_has_a_time_and_bounds_in_order() -> None:
    with pytest.raises(ValueError, match="schedule: got 'daily'"):
        ScheduledCapacity(schedule="daily", min_tasks=1, max_tasks=2)
    with pytest.raises(ValueError, match="timezone: got 'berlin', allowed UTC or a name"):
        ScheduledCapacity(schedule="rate(1 day)", min_tasks=1, max_tasks=2, timezone="berlin")
    with pytest.raises(ValueError, match="min_tasks, max_tasks: got 3, 2"):
        ScheduledCapacity(schedule="rate(1 day)", min_tasks=3, max_tasks=2)


def test_a_number_of_the_programs_own_is_above_nothing() -> None:
    waiting = Metric(namespace="app", name="JobsForEachWorker", dimensions={}, statistic="Average")
    with pytest.raises(ValueError, match="value: got 0, allowed more than 0"):
        MetricTarget(metric=waiting, value=0)
