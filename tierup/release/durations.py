"""Times that a user gives relative to now: 10m, 2h, 3d, or an ISO 8601 time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tierup.deployment.errors import CommandError, ExitCode

_RELATIVE: Final = re.compile(r"(\d{1,6})([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def time_since(option: str, text: str) -> datetime:
    """Return the time that `text` means. Raises CommandError, which names the option."""
    found = _RELATIVE.fullmatch(text)
    if found:
        return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"{option}: not a time (got {text!r}). Give 10m, 2h, 3d or a time such as 2026-11-28T08:00:00.",
            ExitCode.SETTINGS,
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
