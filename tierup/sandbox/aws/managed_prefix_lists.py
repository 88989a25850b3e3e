"""The prefix lists that AWS manages: their names, ids and weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..behaviour import digest


@dataclass(frozen=True, slots=True)
class ManagedPrefixList:
    """A prefix list of AWS."""

    block: str
    """One of its CIDR blocks, from memory."""
    weight: int
    """The number of rules as which a reference to the list counts."""


MANAGED_PREFIX_LISTS: Final[Mapping[str, ManagedPrefixList]] = {
    "com.amazonaws.global.cloudfront.origin-facing": ManagedPrefixList("120.52.22.96/27", 55),
    "com.amazonaws.{region}.s3": ManagedPrefixList("52.218.0.0/17", 1),
    "com.amazonaws.{region}.dynamodb": ManagedPrefixList("52.94.24.0/23", 1),
}
"""By name: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html (read
2026-11-24)."""


def lists_of(region: str) -> dict[str, ManagedPrefixList]:
    """Return the lists of a region by name."""
    return {name.format(region=region): each for name, each in MANAGED_PREFIX_LISTS.items()}


def list_id(region: str, name: str) -> str:
    """Return the id of a list."""
    return f"pl-{digest(region + name, 8)}"


def weight_of(region: str, id: str) -> int | None:
    """Return the weight of a list by its id, or None if the sandbox does not know the list."""
    return next((each.weight for name, each in lists_of(region).items() if list_id(region, name) == id), None)
