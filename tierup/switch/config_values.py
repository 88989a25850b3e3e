"""The configuration of a stack as a mapping, and changes of single values in it by path.

A path is a configuration key with its namespace, and below it keys of objects: `tierup:sizeOverrides.taskCpu`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from tierup.deployment.sandbox_backend import is_secure
from tierup.switch.rules import PLACEHOLDER

Config = Mapping[str, Any]

_ABSENT: Final = object()


def value_at(config: Config, path: str) -> Any:
    """Return the value at a path, or None if there is none."""
    found: Any = config
    for key in _keys(path):
        found = cast("Mapping[str, Any]", found).get(key) if isinstance(found, Mapping) else None
    return found


def with_values(config: Config, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the configuration with other values by path. None removes a value."""
    changed: dict[str, Any] = copy.deepcopy(dict(config))
    for path, value in values.items():
        set_value(changed, path, value)
    return changed


def set_value(config: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path, or remove it with None. An object that has no values left is removed, too."""
    _set(config, _keys(path), value)


def _set(config: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    first, *rest = keys
    if rest:
        inner = config.get(first)
        below = cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}
        _set(below, rest, value)
        value = below or None
    if value is None:
        config.pop(first, None)
    else:
        config[first] = value


def differences(before: Config, after: Config) -> dict[str, Any]:
    """Return path → value in `after` of everything that differs; None where `after` has no value."""
    found: dict[str, Any] = {}
    for key in [*before, *(key for key in after if key not in before)]:
        _compare(key, before.get(key, _ABSENT), after.get(key, _ABSENT), found)
    return found


def _compare(path: str, old: Any, new: Any, found: dict[str, Any]) -> None:
    if old == new:
        return
    # Only the sizes are compared one by one: no other object is changed by path.
    if path == "tierup:sizeOverrides":
        olds: Mapping[str, Any] = old if isinstance(old, Mapping) else {}
        news: Mapping[str, Any] = new if isinstance(new, Mapping) else {}
        for key in dict.fromkeys((*olds, *news)):
            _compare(f"{path}.{key}", olds.get(key, _ABSENT), news.get(key, _ABSENT), found)
        return
    found[path] = None if new is _ABSENT else copy.deepcopy(new)


def raw_text(config: Config) -> tuple[dict[str, str], frozenset[str]]:
    """Return the configuration as Pulumi passes it to a program, and its secret keys.

    Text is passed as it is, and everything else as JSON. Secrets, which only the engine can decrypt, are PLACEHOLDER.
    """
    text: dict[str, str] = {}
    secret: set[str] = set()
    for key, value in config.items():
        if is_secure(value):
            secret.add(key)
            text[key] = PLACEHOLDER
        else:
            text[key] = value if isinstance(value, str) else json.dumps(value)
    return text, frozenset(secret)


def parsed(text: str) -> Any:
    """Return the value of a text: JSON if it is a number, a boolean, a list or an object, else the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, str) else value


def _keys(path: str) -> list[str]:
    namespace, _, rest = path.partition(":")
    first, *more = rest.split(".")
    return [f"{namespace}:{first}", *more]
