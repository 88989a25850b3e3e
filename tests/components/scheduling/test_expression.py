"""Tests of schedule expressions."""

from __future__ import annotations

import pytest

from components.scheduling.expression import check_schedule


@pytest.mark.parametrize("schedule", ["cron(0 3 * * ? *)", "rate(5 minutes)", "rate(1 day)", "at(2027-01-01T00:00:00)"])
def test_schedule_expressions_pass(schedule: str) -> None:
    check_schedule(schedule)


@pytest.mark.parametrize("schedule", ["0 3 * * *", "cron(0 3 * * *)", "rate(0 minutes)", "every day", "at(2027-01-01)"])
def test_other_expressions_are_rejected(schedule: str) -> None:
    with pytest.raises(
        ValueError, match=r"schedule: not a schedule expression \(got .*\)\. Set cron\(\) with six fields"
    ):
        check_schedule(schedule)
