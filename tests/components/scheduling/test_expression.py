"""When something happens: AWS's three ways to write it."""

from __future__ import annotations

import pytest

from components.scheduling.expression import check_schedule


@pytest.mark.parametrize("schedule", ["cron(0 3 * * ? *)", "rate(5 minutes)", "rate(1 day)", "at(2027-01-01T00:00:00)"])
def test_aws_own_forms_are_taken(schedule: str) -> None:
    check_schedule(schedule)


@pytest.mark.parametrize("schedule", ["0 3 * * *", "cron(0 3 * * *)", "rate(0 minutes)", "every day", "at(2027-01-01)"])
def test_others_are_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"schedule: got .*, allowed cron\(\) of six fields"):
        check_schedule(schedule)
