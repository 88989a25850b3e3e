"""Time zone names of the IANA database."""

from __future__ import annotations

import re

_TIME_ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")


def check_time_zone(argument: str, name: str) -> None:
    """Raise ValueError unless `name` has the form of a time zone name.

    Whether the zone exists is left to AWS, because the database changes each year.
    """
    if not _TIME_ZONE.fullmatch(name):
        raise ValueError(
            f"{argument}: not a time zone name (got {name!r}). Set UTC or an IANA name such as Europe/Berlin."
        )
