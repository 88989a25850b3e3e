"""Tests of maintenance windows, including those past midnight and past the end of the week."""

from __future__ import annotations

from typing import Any

import pytest

from components.scheduling.maintenance_windows import DAYS, MaintenanceStart, daily_minutes, weekly_minutes

DAY = 24 * 60


def test_daily_window_covers_its_minutes_on_every_day() -> None:
    minutes = daily_minutes("window", "02:00-03:30")

    assert len(minutes) == 7 * 90
    assert {minute % DAY for minute in minutes} == set(range(120, 210))


def test_daily_window_may_extend_past_midnight() -> None:
    assert {minute % DAY for minute in daily_minutes("window", "23:30-00:30")} == {
        *range(23 * 60 + 30, DAY),
        *range(30),
    }


def test_weekly_window_covers_its_minutes_once() -> None:
    assert weekly_minutes("window", "tue:01:00-tue:02:00") == frozenset(range(DAY + 60, DAY + 120))


def test_weekly_window_may_extend_past_the_end_of_the_week() -> None:
    assert weekly_minutes("window", "sun:23:30-mon:00:30") == {*range(7 * DAY - 30, 7 * DAY), *range(30)}


@pytest.mark.parametrize("window", ["2:00-3:00", "24:00-01:00", "02:00", "sun:02:00-sun:03:00", ""])
def test_other_formats_of_a_daily_window_are_rejected(window: str) -> None:
    with pytest.raises(ValueError, match=r"window: not a daily window \(got .*\)\. Set hh:mm-hh:mm in UTC"):
        daily_minutes("window", window)


@pytest.mark.parametrize("window", ["02:00-03:00", "Sun:04:00-Sun:05:00", "sun:04:00-05:00"])
def test_other_formats_of_a_weekly_window_are_rejected(window: str) -> None:
    with pytest.raises(ValueError, match=r"window: not a weekly window \(got .*\)\. Set ddd:hh:mm-ddd:hh:mm in UTC"):
        weekly_minutes("window", window)


def test_window_shorter_than_an_hour_is_rejected() -> None:
    with pytest.raises(
        ValueError, match=r"window: the window is too short \(got '02:00-02:59', 59 minutes\)\. Set a window of 60"
    ):
        daily_minutes("window", "02:00-02:59")
    with pytest.raises(ValueError, match=r"too short \(got .*, 0 minutes\)"):
        weekly_minutes("window", "sun:04:00-sun:04:00")


def test_atlas_numbers_days_from_sunday() -> None:
    days = {day: MaintenanceStart(day=day, hour=0).day_from_sunday for day in DAYS}

    assert days == {"sun": 1, "mon": 2, "tue": 3, "wed": 4, "thu": 5, "fri": 6, "sat": 7}


@pytest.mark.parametrize("wrong", [{"day": "sunday", "hour": 3}, {"day": "sun", "hour": 24}])
def test_invalid_start_is_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"day: not a weekday \(got 'sunday'\)|hour: out of range \(got 24\)"):
        MaintenanceStart(**wrong)
