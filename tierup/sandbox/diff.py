"""Compares two sets of inputs: which properties changed, and which changes replace the resource."""

from __future__ import annotations

import json
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

    `call.outputs` is the resource's state, if it is known. `moved` says that the region changed, which replaces any
    AWS resource.
    """
    old, new = call.old or {}, call.inputs
    replacing = behaviour.replaces if behaviour else frozenset[str]()
    if behaviour is not None and behaviour.replaces_when is not None:
        replacing |= set(behaviour.replaces_when(call))
    if moved:
        replacing |= {"region"}
    found: list[Change] = []
    for path, kind in _between(old, new, ""):
        before, after = next(values_at(old, path), None), next(values_at(new, path), None)
        if behaviour is not None and _is_no_change(path, kind, before, after, call, behaviour):
            continue
        value = before if kind == "delete" else after
        found.append(Change(path, kind, _replaces(path, value, replacing, behaviour, nested=kind != "update")))
    return found


def _is_no_change(path: str, kind: Kind, before: Any, after: Any, call: Call, row: Behaviour) -> bool:
    """Return whether the provider plans nothing for a difference between the inputs."""
    if kind == "delete":
        return _is_removal_ignored(path, before, row)
    if kind == "add":
        current = next(values_at(call.outputs, path), None)
        if row.empty_is_absent and current is not None and not isinstance(current, (Mapping, list)):
            return _same(current, after)
        return _is_default(path, after, row)
    return _is_equal_json(path, before, after, call, row)


def _is_removal_ignored(path: str, value: Any, row: Behaviour) -> bool:
    """Return whether a removed input keeps its value or has its default, or is an object whose fields all do."""
    if path.endswith("]"):
        return False  # one element of a list, which has other elements
    kept = _INDEXES.sub("", path) in row.keeps if row.empty_is_absent else is_within(path, row.keeps)
    if kept or _is_default(path, value, row):
        return True
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(_is_removal_ignored(f"{path}.{key}", inner, row) for key, inner in value.items())
    )


def _is_default(path: str, value: Any, row: Behaviour) -> bool:
    """Return whether an input has the value that the provider assumes for an absent one."""
    if value is UNKNOWN:
        return False
    bare = _INDEXES.sub("", path)
    if bare in row.defaults:
        return _same(value, row.defaults[bare])
    if isinstance(value, Mapping) and value:
        return all(_is_default(f"{path}.{key}", inner, row) for key, inner in value.items())
    if not row.empty_is_absent or not path.isalnum():
        return False  # an empty value of a map or a list differs from none
    default = row.outputs.get(path)
    if default is None or callable(default) or (isinstance(default, str) and "{" in default):
        return _is_empty(value)
    return _same(value, default)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", 0) or (isinstance(value, (list, Mapping)) and not value)


def _is_equal_json(path: str, before: Any, after: Any, call: Call, row: Behaviour) -> bool:
    if path not in row.json_inputs or not isinstance(before, str) or not isinstance(after, str):
        return False
    try:
        one, two = json.loads(before), json.loads(after)
    except json.JSONDecodeError:
        return False
    if normal := row.normal_forms.get(path):
        return normal(one, call) == normal(two, call)
    return _policy(one) == _policy(two) if path in row.policy_inputs else one == two


def _policy(value: Any) -> Any:
    """Return a policy document in a form in which equivalent documents are equal."""
    if isinstance(value, dict):
        return {key: _policy(inner) for key, inner in value.items()}
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return value[0] if len(value) == 1 else sorted(value)
    if isinstance(value, list):
        return [_policy(each) for each in value]
    return value


def _replaces(path: str, value: Any, replacing: frozenset[str], row: Behaviour | None, *, nested: bool) -> bool:
    """Return whether a change replaces: the input does, or it is an object with such a field that is no default."""
    if is_within(path, replacing) or (row is not None and _INDEXES.sub("", path) in row.replaces_as_whole):
        return True
    if not nested:
        return False
    if isinstance(value, Mapping):
        fields = [(f"{path}.{key}", inner) for key, inner in value.items()]
    elif isinstance(value, list):
        fields = [(f"{path}[{index}]", inner) for index, inner in enumerate(value)]
    else:
        return False
    return any(
        _replaces(at, inner, replacing, row, nested=True)
        for at, inner in fields
        if row is None or not _is_default(at, inner, row)
    )


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
