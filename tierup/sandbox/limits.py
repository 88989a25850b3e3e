"""The limits of one input that a cloud's own API model states: allowed values, a range, a length, a pattern.

A behaviour row states what was read about one type. Limits cover the types and inputs that no row describes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """The limits of one input. None, or no values, means that the model states no such limit."""

    values: tuple[str, ...] = ()
    """Allowed values; unless `exact_case`, their case is not compared, because providers normalise it."""
    low: float | None = None
    high: float | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None
    searched: tuple[str, ...] = ()
    """Patterns each of which must occur in the value."""
    exact_case: bool = False
    """Whether the case of `values` is compared."""

    def violations(self, value: Any) -> Iterator[str]:
        """Yield a message for each limit that a known value violates. An empty string counts as absent."""
        if isinstance(value, bool) or value == "":
            return
        if isinstance(value, str):
            yield from self._violations_of_text(value)
        found = number(value)
        if found is None:
            return
        if self.values and not isinstance(value, str) and f"{found:g}" not in self.values:
            yield not_allowed(value, self.values)
        if self.low is not None and found < self.low:
            yield f"the value is out of range (got {value}). The minimum is {self.low:g}."
        if self.high is not None and found > self.high:
            yield f"the value is out of range (got {value}). The maximum is {self.high:g}."

    def _violations_of_text(self, value: str) -> Iterator[str]:
        # Most values are spelled as in the model, and enumerations of EC2 have a thousand values.
        if (
            self.values
            and value not in self.values
            and (self.exact_case or value.lower() not in {each.lower() for each in self.values})
        ):
            yield not_allowed(value, self.values)
        if self.shortest is not None and len(value) < self.shortest:
            yield f"the value has {len(value)} characters (got {value!r}). The minimum is {self.shortest}."
        if self.longest is not None and len(value) > self.longest:
            yield f"the value has {len(value)} characters (got {value!r}). The maximum is {self.longest}."
        if self.pattern is not None and not re.fullmatch(self.pattern, value):
            yield f"the value has characters that are not allowed (got {value!r}). It must match {self.pattern}."
        for pattern in self.searched:
            if not re.search(pattern, value):
                yield f"the value has characters that are not allowed (got {value!r}). It must match {pattern}."


LimitsOf = Callable[[str], Mapping[str, Limit]]
"""Returns the limits of a resource type's inputs, by property path without indexes ("rules[*].action")."""


def number(value: Any) -> float | None:
    """Return the number that a known value is or contains as text, or None."""
    if isinstance(value, bool) or value is UNKNOWN:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def not_allowed(value: Any, allowed: Iterable[Any]) -> str:
    """Return the message for a value outside an enumeration."""
    return f"the value is not allowed (got {value!r}). Allowed values: {', '.join(str(each) for each in allowed)}."
