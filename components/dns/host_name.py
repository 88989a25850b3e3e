"""Whether a text is a host name as DNS, browsers and certificates all write it."""

from __future__ import annotations

_LONGEST = 253  # RFC 1035, in text form


def is_host_name(name: str) -> bool:
    """A full lower-case name of two labels or more, without a final dot."""
    labels = name.split(".")
    return len(labels) > 1 and all(labels) and name == name.lower() and len(name) <= _LONGEST


def check_host_name(argument: str, name: str, why: str) -> None:
    """Raises ValueError for what is no host name."""
    if not is_host_name(name):
        raise ValueError(
            f"{argument}: got {name!r}, allowed a full lower-case name without a final dot such as app.example.com: "
            f"{why}"
        )
