"""The number of things in a sentence."""

from __future__ import annotations


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 resource", "2 resources". `many` is the plural if it is not `one` with "s"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
