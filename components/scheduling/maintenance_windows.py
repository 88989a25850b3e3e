"""Maintenance windows in UTC: ElastiCache's daily and weekly windows, and the start of Atlas's maintenance window."""

from __future__ import annotations

import re
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIN_MINUTES = 60
"""Minimum length of a window in minutes. Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(PreferredMaintenanceWindow, SnapshotWindow; read 2026-11-24)."""

_DAY = 24 * 60
_WEEK = 7 * _DAY
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(f"{_TIME}-{_TIME}")
_WEEKLY = re.compile(f"({'|'.join(DAYS)}):{_TIME}-({'|'.join(DAYS)}):{_TIME}")


@dataclass(frozen=True, kw_only=True, slots=True)
class MaintenanceStart:
    """The weekday and hour at which Atlas may start maintenance. Raises ValueError for a day or hour out of range."""

    day: str
    """One of `DAYS`."""
    hour: int
    """Hour of the day in UTC, 0 to 23."""

    def __post_init__(self) -> None:
        if self.day not in DAYS:
            raise ValueError(f"day: not a weekday (got {self.day!r}). Set one of {', '.join(DAYS)}.")
        if self.hour not in range(24):
            raise ValueError(f"hour: out of range (got {self.hour}). Set 0 to 23, in UTC.")

    @property
    def day_from_sunday(self) -> int:
        """The day as Atlas numbers it: 1 for Sunday to 7 for Saturday."""
        return (DAYS.index(self.day) + 1) % 7 + 1


def daily_minutes(argument: str, window: str) -> frozenset[int]:
    """Return the minutes of the week (0 is Monday 00:00) in a daily window such as "02:00-03:00".

    A window may extend past midnight. Raises ValueError for another format or a window shorter than an hour.
    """
    match = _DAILY.fullmatch(window)
    if match is None:
        raise ValueError(
            f"{argument}: not a daily window (got {window!r}). Set hh:mm-hh:mm in UTC, such as 02:00-03:00."
        )
    start, end = _minute_of_day(*match.group(1, 2)), _minute_of_day(*match.group(3, 4))
    length = (end - start) % _DAY
    _check_length(argument, window, length)
    return frozenset((day * _DAY + start + minute) % _WEEK for day in range(7) for minute in range(length))


def weekly_minutes(argument: str, window: str) -> frozenset[int]:
    """Return the minutes of the week (0 is Monday 00:00) in a weekly window such as "sun:04:00-sun:05:00".

    A window may extend past the end of the week. Raises ValueError for another format or a window shorter than an hour.
    """
    match = _WEEKLY.fullmatch(window)
    if match is None:
        raise ValueError(
            f"{argument}: not a weekly window (got {window!r}). "
            "Set ddd:hh:mm-ddd:hh:mm in UTC, such as sun:04:00-sun:05:00."
        )
    start = DAYS.index(match.group(1)) * _DAY + _minute_of_day(*match.group(2, 3))
    end = DAYS.index(match.group(4)) * _DAY + _minute_of_day(*match.group(5, 6))
    length = (end - start) % _WEEK
    _check_length(argument, window, length)
    return frozenset((start + minute) % _WEEK for minute in range(length))


def _minute_of_day(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)


def _check_length(argument: str, window: str, minutes: int) -> None:
    if minutes < MIN_MINUTES:
        raise ValueError(
            f"{argument}: the window is too short (got {window!r}, {minutes} minutes). "
            f"Set a window of {MIN_MINUTES} minutes or more."
        )
