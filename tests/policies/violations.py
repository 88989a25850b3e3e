"""One violation of each rule: the change to a compliant stack, and the other rules that fail for it too.

The violations of an area are in its folder's `violations.py`, as VIOLATIONS: rule id to Violation.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.policies.evaluation import put


@dataclass(frozen=True, slots=True)
class Violation:
    """One change of a stack that violates a rule.

    `type`: the type or types of the changed resource. The first resource is taken whose change makes the rule fail.
    `changes`: property path ("a.b[0].c") to a value, ABSENT, or a function of the current value. Without changes the
    resource is removed. `everywhere`: all resources of the types are changed together, where the rule is satisfied by
    one of them. `adds`: instead, the type and inputs of a resource that is added. `parameters`: the rule's parameters,
    where the defaults allow everything. `also`: other rules that fail for the same change, with the reason.
    """

    type: str | tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    also: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    everywhere: bool = False
    adds: tuple[str, Mapping[str, Any]] | None = None

    @property
    def types(self) -> tuple[str, ...]:
        return (self.type,) if isinstance(self.type, str) else self.type


def violations() -> Mapping[str, Violation]:
    """Return the violations of all areas."""
    found: dict[str, Violation] = {}
    for file in sorted(Path(__file__).parent.glob("*/violations.py")):
        area: Mapping[str, Violation] = import_module(f"{__package__}.{file.parent.name}.violations").VIOLATIONS
        assert not set(area) & set(found), f"{file} repeats {set(area) & set(found)}"
        found.update(area)
    return found


def violated(inputs: Mapping[str, Any], violation: Violation) -> Mapping[str, Any] | None:
    """Return the inputs with the violation, None for a removed resource. Raises LookupError if nothing changes."""
    if not violation.changes:
        return None
    changed: dict[str, Any] = copy.deepcopy(dict(inputs))
    for path, value in violation.changes.items():
        put(changed, path, value)
    if changed == inputs:
        raise LookupError("the violation changes nothing")
    return changed
