"""Address ranges of clients in web ACLs: their form, and how IP sets divide them. This module creates no resources."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

MAX_ADDRESSES = 10_000
"""CIDR blocks of one IP set.
https://docs.aws.amazon.com/waf/latest/developerguide/limits.html (read 2026-11-28)"""


def check_addresses(argument: str, addresses: Sequence[str]) -> None:
    """Raise ValueError for what is not a CIDR block, for /0, and for more blocks than an IP set has."""
    if len(addresses) > MAX_ADDRESSES:
        raise ValueError(f"{argument}: too many blocks (got {len(addresses)}). Set at most {MAX_ADDRESSES}.")
    for address in addresses:
        try:
            valid = "/" in address and ipaddress.ip_network(address).prefixlen > 0
        except ValueError:
            valid = False
        if not valid:
            raise ValueError(
                f"{argument}: not a CIDR block (got {address!r}). "
                "Set a block such as 203.0.113.7/32, without host bits and not /0."
            )


def by_version(addresses: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the addresses by IP address version (IPV4, IPV6), without empty versions; an IP set has one."""
    result: dict[str, list[str]] = {}
    for address in addresses:
        result.setdefault(f"IPV{ipaddress.ip_network(address).version}", []).append(address)
    return result
