"""How a resource is priced: a rule for each type that costs something, and the list of those that do not.

A rule reads inputs as a program gives them to the engine, by the provider's names, and nothing else: so it prices any
program, and imports none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedResource:
    """One resource of a program."""

    type: str
    name: str
    component: str
    """Type of the component that makes it, or "" for none."""
    parent: str
    """Logical name of that component."""
    inputs: Mapping[str, Any]

    @property
    def siblings(self) -> tuple[str, str]:
        """What it shares with the resources of the same component."""
        return self.component, self.parent


Quantity = tuple[str, float]
"""Key of a price, and how many of it there are all the month."""

Count = Callable[[PricedResource, Sequence[PricedResource]], Iterator[Quantity]]
"""Of a resource, among all of its program."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceRule:
    """What one resource of a type costs."""

    fixed: str = ""
    """What of it is paid for being there, in words; "" for nothing."""
    count: Count | None = None
    by_use: tuple[str, ...] = ()
    """Keys of the prices that are paid by use."""


def each(key: str) -> Count:
    """One, whatever the inputs."""

    def one(_resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
        yield key, 1

    return one
