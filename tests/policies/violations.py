"""One fault a rule names, for each rule: what is done to a stack that keeps it, and who else rightly sees it.

The faults of an area stand in its folder's `violations.py`, as VIOLATIONS: rule id to Violation.
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
    """`type`, or types: of the resource that is touched; of several, the first is taken whose change breaks the rule.

    `changes`: property path ("a.b[0].c") to a value, ABSENT, or a function of the value that stands there; empty: the
    resource is taken away. `everywhere`: all resources of the types are changed at once, where one alone would do for
    the rule. `adds`: instead, the type and the inputs of a resource that joins the others, where what breaks the rule
    is that it is there. `parameters`: what a rule is set to that allows everything by default. `also`: rules that see
    the same fault from their side, and why that is right.
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
    """Every area's faults."""
    found: dict[str, Violation] = {}
    for file in sorted(Path(__file__).parent.glob("*/violations.py")):
        area: Mapping[str, Violation] = import_module(f"{__package__}.{file.parent.name}.violations").VIOLATIONS
        assert not set(area) & set(found), f"{file} repeats {set(area) & set(found)}"
        found.update(area)
    return found


def violated(inputs: Mapping[str, Any], fault: Violation) -> Mapping[str, Any] | None:
    """The inputs after the fault; None for a resource taken away. Raises LookupError when they lack what it changes."""
    if not fault.changes:
        return None
    changed: dict[str, Any] = copy.deepcopy(dict(inputs))
    for path, value in fault.changes.items():
        put(changed, path, value)
    if changed == inputs:
        raise LookupError("nothing changes")
    return changed
