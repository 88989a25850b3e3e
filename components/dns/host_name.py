"""The check for host names in the form that DNS, browsers and certificates share."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 253  # RFC 1035, in text form


def is_host_name(name: str) -> bool:
    """Return whether `name` is a full name in lower case, of two labels or more, without a final dot."""
    labels = name.split(".")
    return len(labels) > 1 and all(labels) and name == name.lower() and len(name) <= _LONGEST


def check_host_name(argument: str, name: str) -> None:
    """Raise ValueError unless `name` is a host name."""
    if not is_host_name(name):
        raise ValueError(
            f"{argument}: not a host name (got {name!r}). Give a full lower-case name without a final dot, such as "
            "app.example.com."
        )


def names_outside(zone: str, names: Iterable[str]) -> list[str]:
    """Return the host names that are neither the zone's name nor below it. `zone` has no final dot."""
    return [name for name in names if name != zone and not name.endswith(f".{zone}")]


def parent_hosted_zone(domain: str) -> str:
    """Return the name of the hosted zone that a host name is expected in: its parent, or itself below a top-level
    domain.

    This is right for app.example.com and example.com. For example.co.uk set `tierup:hostedZoneId`.
    """
    _, _, parent = domain.partition(".")
    return parent if "." in parent else domain
