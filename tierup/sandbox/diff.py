"""Compares two sets of inputs: which properties changed, and which changes replace the resource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, values_at

Kind = Literal["add", "delete", "update"]
_INDEXES = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Change:
    """One changed property, by its path."""

    path: str
    kind: Kind
    replaces: bool


def changes(call: Call, behaviour: Behaviour | None, *, moved: bool = False) -> list[Change]:
    """Return every difference between `call.old` and `call.inputs`, at the deepest path that differs.

    `moved` says that the region changed, which replaces any AWS resource.
    """
    old, new = call.old or {}, call.inputs
    replacing = behaviour.replaces if behaviour else frozenset[str]()
    if behaviour is not None and behaviour.replaces_when is not None:
        replacing |= set(behaviour.replaces_when(call))
    if moved:
        replacing |= {"region"}
    keeps = behaviour.keeps if behaviour else frozenset[str]()
    return [
        Change(path, kind, is_within(path, replacing))
        for path, kind in _between(old, new, "")
        if not (kind == "delete" and _is_kept(path, old, keeps))
    ]


def _is_kept(path: str, old: Mapping[str, Any], keeps: frozenset[str]) -> bool:
    """Return whether a removed input keeps its value, or is an object whose fields all do."""
    if is_within(path, keeps):
        return True
    value = next(values_at(old, path), None)
    return isinstance(value, Mapping) and bool(value) and all(_is_kept(f"{path}.{key}", old, keeps) for key in value)


def is_within(path: str, replacing: frozenset[str]) -> bool:
    """Return whether a property path is one of `replacing` (paths without indexes), or nested in one."""
    bare = _INDEXES.sub("", path)
    return any(bare == each or bare.startswith(f"{each}.") for each in replacing)


def _between(old: Any, new: Any, at: str) -> Iterator[tuple[str, Kind]]:
    if new is UNKNOWN:
        yield at, "update"
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            path = f"{at}.{key}" if at else key
            if key not in new:
                yield path, "delete"
            elif key not in old:
                yield path, "add"
            else:
                yield from _between(old[key], new[key], path)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            path = f"{at}[{index}]"
            if index >= len(new):
                yield path, "delete"
            elif index >= len(old):
                yield path, "add"
            else:
                yield from _between(old[index], new[index], path)
    elif not _same(old, new):
        yield at, "update"


def _same(old: Any, new: Any) -> bool:
    """Return whether two scalars are equal to the provider, which treats "5" and 5 alike."""
    if old == new:
        return True
    if isinstance(old, bool) or isinstance(new, bool):
        return str(old).lower() == str(new).lower()
    if isinstance(old, (int, float)) != isinstance(new, (int, float)):
        return str(old) == str(new)
    return False
