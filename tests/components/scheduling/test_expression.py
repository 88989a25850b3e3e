"""Tests of schedule expressions."""

from __future__ import annotations

import pytest

from components.scheduling.expression import check_schedule


@pytest.mark.parametrize(
    ("allowed", "rejected"),
    [
        ("cron(0 3 * * ? *)", "cron(0 3 * * *)"),
        ("cron(0 3 * * ? *)", "0 3 * * *"),
        ("rate(5 minutes)", "rate(0 minutes)"),
        ("rate(1 day)", "every day"),
        ("at(2027-01-01T00:00:00)", "at(2027-01-01)"),
    ],
)
def test_only_the_syntax_of_eventbridge_scheduler_is_allowed(allowed: str, rejected: str) -> None:
    check_schedule(allowed)
    with pytest.raises(
        ValueError, match=r"schedule: not a schedule expression \(got .*\)\. Set cron\(\) with six fields"
    ):
        check_schedule(rejected)
