"""The types of price rules. Each provider has a rule for each type with a price, and a list of free types.

A rule reads only a resource's inputs, by the provider's names, so that it can price any program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedResource:
    """A resource of a program."""

    type: str
    name: str
    component: str
    """The type of the component that registers it, or ""."""
    parent: str
    """The logical name of that component."""
    inputs: Mapping[str, Any]

    @property
    def siblings(self) -> tuple[str, str]:
        """The key that the resources of one component share."""
        return self.component, self.parent


Quantity = tuple[str, float]
"""The key of a price, and its quantity over a month."""

Count = Callable[[PricedResource, Sequence[PricedResource]], Iterator[Quantity]]
"""Returns the quantities of a resource, given all resources of its program."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceRule:
    """The cost of one resource of a type."""

    fixed: str = ""
    """A description of what has a fixed monthly cost, or ""."""
    count: Count | None = None
    by_use: tuple[str, ...] = ()
    """The keys of the prices by usage."""


def each(key: str) -> Count:
    """Return a count of one for a price, independent of the inputs."""

    def one(_resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
        yield key, 1

    return one
