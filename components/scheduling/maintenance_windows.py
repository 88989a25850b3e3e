"""Times of maintenance in UTC: daily and weekly windows as ElastiCache writes them, and the hour from which Atlas may
work on a project."""

from __future__ import annotations

import re
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINIMUM_MINUTES = 60
"""Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(PreferredMaintenanceWindow, SnapshotWindow; read 2026-11-24)."""

_DAY = 24 * 60
_WEEK = 7 * _DAY
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(f"{_CLOCK}-{_CLOCK}")
_WEEKLY = re.compile(f"({'|'.join(DAYS)}):{_CLOCK}-({'|'.join(DAYS)}):{_CLOCK}")


@dataclass(frozen=True, kw_only=True, slots=True)
class MaintenanceStart:
    """When a week's maintenance may begin."""

    day: str
    """One of `DAYS`."""
    hour: int
    """0 to 23, UTC."""

    def __post_init__(self) -> None:
        if self.day not in DAYS:
            raise ValueError(f"day is {self.day!r}; give one of {', '.join(DAYS)}")
        if self.hour not in range(24):
            raise ValueError(f"hour is {self.hour}; give 0 to 23, in UTC")

    @property
    def day_from_sunday(self) -> int:
        """1 for Sunday to 7 for Saturday, as Atlas counts."""
        return (DAYS.index(self.day) + 1) % 7 + 1


def daily_minutes(window: str) -> frozenset[int]:
    """The minutes of the week in which a daily window such as "02:00-03:00" is open.

    Raises ValueError for another form or a window shorter than an hour. A window may run past midnight.
    """
    match = _DAILY.fullmatch(window)
    if match is None:
        raise ValueError(f"daily window {window!r} is not allowed; give hh:mm-hh:mm in UTC such as 02:00-03:00")
    start, end = _clock(*match.group(1, 2)), _clock(*match.group(3, 4))
    length = (end - start) % _DAY
    _long_enough(window, length)
    return frozenset((day * _DAY + start + minute) % _WEEK for day in range(7) for minute in range(length))


def weekly_minutes(window: str) -> frozenset[int]:
    """The minutes of the week in which a weekly window such as "sun:04:00-sun:05:00" is open.

    Raises ValueError for another form or a window shorter than an hour. A window may run past the week's end.
    """
    match = _WEEKLY.fullmatch(window)
    if match is None:
        raise ValueError(
            f"weekly window {window!r} is not allowed; give ddd:hh:mm-ddd:hh:mm in UTC such as sun:04:00-sun:05:00"
        )
    start = DAYS.index(match.group(1)) * _DAY + _clock(*match.group(2, 3))
    end = DAYS.index(match.group(4)) * _DAY + _clock(*match.group(5, 6))
    length = (end - start) % _WEEK
    _long_enough(window, length)
    return frozenset((start + minute) % _WEEK for minute in range(length))


def _clock(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)


def _long_enough(window: str, minutes: int) -> None:
    if minutes < MINIMUM_MINUTES:
        raise ValueError(f"window {window!r} is {minutes} minutes long; AWS allows {MINIMUM_MINUTES} or more")
