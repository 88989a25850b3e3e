"""Windows: read as AWS reads them, past midnight and past the week's end too."""

from __future__ import annotations

from typing import Any

import pytest

from components.scheduling.maintenance_windows import DAYS, MaintenanceStart, daily_minutes, weekly_minutes

DAY = 24 * 60


def test_a_daily_window_is_open_every_day() -> None:
    minutes = daily_minutes("02:00-03:30")

    assert len(minutes) == 7 * 90
    assert {minute % DAY for minute in minutes} == set(range(120, 210))


def test_a_daily_window_may_run_past_midnight() -> None:
    assert {minute % DAY for minute in daily_minutes("23:30-00:30")} == {*range(23 * 60 + 30, DAY), *range(30)}


def test_a_weekly_window_is_open_once() -> None:
    assert weekly_minutes("tue:01:00-tue:02:00") == frozenset(range(DAY + 60, DAY + 120))


def test_a_weekly_window_may_run_past_the_end_of_the_week() -> None:
    assert weekly_minutes("sun:23:30-mon:00:30") == {*range(7 * DAY - 30, 7 * DAY), *range(30)}


@pytest.mark.parametrize("window", ["2:00-3:00", "24:00-01:00", "02:00", "sun:02:00-sun:03:00", ""])
def test_another_form_of_a_daily_window_is_refused(window: str) -> None:
    with pytest.raises(ValueError, match="give hh:mm-hh:mm in UTC"):
        daily_minutes(window)


@pytest.mark.parametrize("window", ["02:00-03:00", "Sun:04:00-Sun:05:00", "sun:04:00-05:00"])
def test_another_form_of_a_weekly_window_is_refused(window: str) -> None:
    with pytest.raises(ValueError, match="give ddd:hh:mm-ddd:hh:mm in UTC"):
        weekly_minutes(window)


def test_less_than_an_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="59 minutes long; AWS allows 60 or more"):
        daily_minutes("02:00-02:59")
    with pytest.raises(ValueError, match="0 minutes long"):
        weekly_minutes("sun:04:00-sun:04:00")


def test_atlas_counts_days_from_sunday() -> None:
    days = {day: MaintenanceStart(day=day, hour=0).day_from_sunday for day in DAYS}

    assert days == {"sun": 1, "mon": 2, "tue": 3, "wed": 4, "thu": 5, "fri": 6, "sat": 7}


@pytest.mark.parametrize("wrong", [{"day": "sunday", "hour": 3}, {"day": "sun", "hour": 24}])
def test_a_start_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"give (one of mon|0 to 23)"):
        MaintenanceStart(**wrong)
