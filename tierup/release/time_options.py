"""The times that options take: relative to now (10m, 2h, 3d), or in ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tierup.deployment.errors import CommandError, ExitCode

_DURATION: Final = re.compile(r"(\d{1,6})([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration_in(text: str) -> timedelta | None:
    """Return the duration that `text` states, such as 10m, 2h or 3d; None if it states none."""
    found = _DURATION.fullmatch(text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


def time_since(option: str, text: str) -> datetime:
    """Return the time that `text` means. Raises CommandError, which names the option."""
    duration = duration_in(text)
    if duration is not None:
        return datetime.now(UTC) - duration
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"{option}: not a time (got {text!r}). Give 10m, 2h, 3d or a time such as 2026-11-28T08:00:00.",
            ExitCode.SETTINGS,
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
