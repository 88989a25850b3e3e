"""Daily and weekly time windows, as RDS, ElastiCache and other services of AWS write them (UTC)."""

from __future__ import annotations

import re

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME_OF_DAY = r"([01]\d|2[0-3]):([0-5]\d)"
MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * MINUTES_A_DAY


def daily_window(text: str) -> tuple[int, int] | None:
    """Return the minutes of the day of "05:00-09:00" (the end may exceed a day), or None if the format is wrong."""
    found = re.fullmatch(rf"{_TIME_OF_DAY}-{_TIME_OF_DAY}", text)
    if not found:
        return None
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    return start, end if end > start else end + MINUTES_A_DAY


def weekly_window(text: str) -> tuple[int, int] | None:
    """Return the minutes of the week of "sun:05:00-sun:09:00" (the end may exceed a week), or None if invalid."""
    day = f"({'|'.join(_DAYS)})"
    found = re.fullmatch(rf"{day}:{_TIME_OF_DAY}-{day}:{_TIME_OF_DAY}", text.lower())
    if not found:
        return None
    start = _DAYS.index(found[1]) * MINUTES_A_DAY + int(found[2]) * 60 + int(found[3])
    end = _DAYS.index(found[4]) * MINUTES_A_DAY + int(found[5]) * 60 + int(found[6])
    return start, end if end > start else end + _MINUTES_A_WEEK


def overlap(daily: tuple[int, int], weekly: tuple[int, int]) -> bool:
    """Return whether a daily window and a weekly one share a minute."""
    return any(
        daily[0] + day * MINUTES_A_DAY < weekly[1] and weekly[0] < daily[1] + day * MINUTES_A_DAY
        for day in range(-1, 15)
    )
