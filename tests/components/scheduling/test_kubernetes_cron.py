"""Tests of the conversion of AWS's schedules to those of a CronJob."""

from __future__ import annotations

import pytest

from components.scheduling.kubernetes_cron import kubernetes_schedule


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("cron(0 3 * * ? *)", "0 3 * * *"),
        ("cron(0/15 8-18 ? * 2-6 *)", "0/15 8-18 * * 1-5"),
        ("cron(30 6 ? * MON,7 *)", "30 6 * * MON,6"),
        ("cron(0 0 ? * 1/2 *)", "0 0 * * 0/2"),
        ("cron(0 0 1 1/3 ? *)", "0 0 1 1/3 *"),
        ("rate(1 minute)", "*/1 * * * *"),
        ("rate(15 minutes)", "*/15 * * * *"),
        ("rate(120 minutes)", "0 */2 * * *"),
        ("rate(24 hours)", "0 0 * * *"),
        ("rate(1 day)", "0 0 * * *"),
    ],
)
def test_schedule_keeps_its_times(schedule: str, expected: str) -> None:
    assert kubernetes_schedule(schedule) == expected


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ("at(2027-01-01T00:00:00)", "does not run once"),
        ("rate(7 minutes)", "must divide an hour or a day"),
        ("rate(2 days)", "must divide an hour or a day"),
        ("cron(0 0 1 1 ? 2027)", "has no year"),
        ("cron(0 0 L * ? *)", "no L, W or #"),
        ("cron(0 0 ? * 6#3 *)", "no L, W or #"),
        ("every day", "not a schedule expression"),
    ],
)
def test_schedule_without_a_counterpart_is_rejected(schedule: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        kubernetes_schedule(schedule)
