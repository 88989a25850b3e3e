"""Cron schedules, as the controller of cron jobs parses them.

https://github.com/robfig/cron, v3, parser.go (read 2026-11-28): five fields, a macro, or @every with a duration of Go.
"""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, start=1)}),
    ("day of the week", 0, 6, {name: number for number, name in enumerate(_DAYS)}),
)
_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_DURATION = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*|0")


def schedule_error(schedule: str) -> str | None:
    """Return the error of a schedule, or None if it is valid."""
    if schedule.startswith("@"):
        every = schedule.removeprefix("@every ")
        valid = _DURATION.fullmatch(every) if every != schedule else schedule in _MACROS
        return None if valid else f"unknown macro (got '{schedule}'). Use one such as @hourly or @every 1h30m."
    fields = schedule.split()
    if len(fields) != len(_FIELDS):
        return f"not a cron schedule (got '{schedule}'). Set five fields: minute hour day-of-month month day-of-week."
    for text, (name, low, high, words) in zip(fields, _FIELDS, strict=True):
        if not all(_is_range(part, low, high, words) for part in text.split(",") if part):
            return f"not a cron schedule: invalid {name} (got '{text}'). Allowed are {low} to {high}."
    return None


def _is_range(text: str, low: int, high: int, words: dict[str, int]) -> bool:
    """Whether a part of a field is valid: `*`, `?`, a number or a range, each with or without a step."""
    span, slash, step = text.partition("/")
    if slash and (not step.isdigit() or int(step) == 0):
        return False
    if span in ("*", "?"):
        return True
    first, dash, last = span.partition("-")
    start = _number(first, words)
    end = _number(last, words) if dash else start
    return start is not None and end is not None and low <= start <= end <= high


def _number(text: str, words: dict[str, int]) -> int | None:
    return words.get(text.lower(), int(text) if text.isdigit() else None)
