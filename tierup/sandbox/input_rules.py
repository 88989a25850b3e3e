"""Two kinds of rules on inputs, as tables by type: inputs that depend on each other, and the forms of texts.

What they state is in a CustomizeDiff of the provider, or the API decides. Both outcomes are rejections of a create, so
the sandbox reports them at preview, where every value that matters is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .behaviour import UNKNOWN, BehaviourRule, Call, Rejection, Source, Stage, documented, located, rule, values_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """If `path` has one of `values` (or any value, if there are none), `requires` must be set and `forbids` must not.

    `within` is the path of the object that contains the inputs ("lifecyclePolicies[*]"), or "". `absent` says that the
    condition holds if `path` is not set.
    """

    path: str
    values: tuple[Any, ...] = ()
    absent: bool = False
    requires: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    within: str = ""
    source: Source

    def rejections(self, inputs: Mapping[str, Any]) -> Iterator[Rejection]:
        """Yield the inputs that are missing or that must not be set."""
        for at, parent in located(inputs, self.within) if self.within else [("", inputs)]:
            if not isinstance(parent, Mapping):
                continue
            found = next(values_at(parent, self.path), None)
            if found is UNKNOWN or not self._holds(found):
                continue
            prefix = f"{at}." if at else ""
            because = f"if {self.path} is {'not set' if found is None else found}"
            for path in self.requires:
                if _is_absent(parent, path):
                    yield _rejected(prefix + path, f"it must be set {because} (got none).")
            if self.any_of and all(_is_absent(parent, path) for path in self.any_of):
                yield _rejected(
                    prefix + self.any_of[0], f"one of {', '.join(self.any_of)} must be set {because} (got none)."
                )
            for path in self.forbids:
                given = next(values_at(parent, path), None)
                if given not in (None, False, 0, "", []) and given is not UNKNOWN:
                    yield _rejected(prefix + path, f"it must not be set {because}. Remove one of them.")

    def _holds(self, found: Any) -> bool:
        if found is None:
            return self.absent
        return not self.absent and (found in self.values if self.values else found not in ("", False))


def _is_absent(parent: Mapping[str, Any], path: str) -> bool:
    return next(values_at(parent, path), None) in (None, "", [])


def _rejected(path: str, message: str) -> Rejection:
    return Rejection(path, message, "InvalidParameterCombination")


def conditional_inputs(table: Mapping[str, tuple[Condition, ...]]) -> BehaviourRule:
    """Return the rule that inputs fulfil the conditions of their type."""

    @rule(
        "conditional-inputs",
        Stage.PLAN,
        source=documented("the source of each condition of the table", read="2026-11-28"),
    )
    def check(call: Call) -> Iterator[Rejection]:
        for condition in table.get(call.type, ()):
            yield from condition.rejections(call.inputs)

    return check


def unique_inputs(*scope: str, code: str, source: Source) -> BehaviourRule:
    """Return the rule that no other resource of the type has the same inputs; an absent input equals an absent one."""

    @rule(f"one-for-each-{scope[-1].lower()}", Stage.CREATE, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        wanted = [call.get(path) for path in scope]
        for other in call.cloud.find(call.type):
            if other.urn != call.urn and [next(values_at(other.inputs, path), None) for path in scope] == wanted:
                name = next((path for path in reversed(scope) if call.get(path) is not None), scope[-1])
                yield Rejection(name, f"'{call.get(name)}' already exists: '{other.name}'.", code)

    return check


Patterns = Mapping[str, Mapping[str, tuple[str, str]]]
"""The full pattern of an input and what is allowed, by type and path."""


def input_formats(table: Patterns, source: Source) -> BehaviourRule:
    """Return the rule that inputs match the patterns of their type; an empty text counts as absent."""

    @rule("input-format", Stage.PLAN, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        for path, (pattern, allowed) in table.get(call.type, {}).items():
            for at, value in located(call.inputs, path):
                if value is UNKNOWN or isinstance(value, (bool, Mapping, list)) or value == "":
                    continue
                if not re.fullmatch(pattern, _text(value), re.DOTALL):
                    yield Rejection(
                        at, f"invalid value (got {value!r}). Allowed are {allowed}.", "InvalidParameterValue"
                    )

    return check


def _text(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)
