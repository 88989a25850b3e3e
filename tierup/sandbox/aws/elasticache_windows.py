"""ElastiCache: snapshot and maintenance windows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    Call,
    Rejection,
    Stage,
    rule,
)

from .elasticache import CREATE
from .same_scope import known

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MINUTES_A_WEEK = 7 * 24 * 60


def _daily(text: str) -> tuple[int, int] | None:
    """Return the minutes of the day of "05:00-09:00" (the end may exceed a day), or None if the format is wrong."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
    if not found:
        return None
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    return start, end if end > start else end + 24 * 60


def _weekly(text: str) -> tuple[int, int] | None:
    """Return the minutes of the week of "sun:05:00-sun:09:00" (the end may exceed a week), or None if invalid."""
    time_of_day = r"([01]\d|2[0-3]):([0-5]\d)"
    found = re.fullmatch(rf"({'|'.join(_DAYS)}):{time_of_day}-({'|'.join(_DAYS)}):{time_of_day}", text.lower())
    if not found:
        return None
    start = _DAYS.index(found[1]) * 1440 + int(found[2]) * 60 + int(found[3])
    end = _DAYS.index(found[4]) * 1440 + int(found[5]) * 60 + int(found[6])
    return start, end if end > start else end + _MINUTES_A_WEEK


@rule("windows", Stage.PLAN, source=CREATE)
def windows(call: Call) -> Iterator[Rejection]:
    snapshot, maintenance = known(call, "snapshotWindow"), known(call, "maintenanceWindow")
    daily = _daily(snapshot) if snapshot else None
    weekly = _weekly(maintenance) if maintenance else None
    for path, text, span, form in (
        ("snapshotWindow", snapshot, daily, "hh24:mi-hh24:mi as 03:00-04:00"),
        ("maintenanceWindow", maintenance, weekly, "ddd:hh24:mi-ddd:hh24:mi as sun:05:00-sun:06:00"),
    ):
        if text and span is None:
            yield Rejection(path, f"invalid window (got '{text}'). Write it as {form} (UTC).", "InvalidParameterValue")
        if span and span[1] - span[0] < 60:
            yield Rejection(
                path,
                f"the window is too short (got '{text}', {span[1] - span[0]} minutes). Allowed are 60 minutes or more.",
                "InvalidParameterValue",
            )
    if daily and weekly and _overlap(daily, weekly):
        yield Rejection(
            "snapshotWindow",
            f"snapshotWindow {snapshot} overlaps maintenanceWindow {maintenance}",
            "InvalidParameterCombination",
        )


def _overlap(daily: tuple[int, int], weekly: tuple[int, int]) -> bool:
    return any(daily[0] + day * 1440 < weekly[1] and weekly[0] < daily[1] + day * 1440 for day in range(-1, 15))
