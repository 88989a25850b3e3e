"""Whether a text is a time zone as the IANA database names it."""

from __future__ import annotations

import re

_TIME_ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")


def check_time_zone(argument: str, name: str) -> None:
    """Raises ValueError for what cannot be one. Which there are, is AWS's to know: the database changes each year."""
    if not _TIME_ZONE.fullmatch(name):
        raise ValueError(f"{argument}: got {name!r}, allowed UTC or a name such as Europe/Berlin: AWS takes no other")
