"""Read inputs whose type the schema does not guarantee: numbers given as text, and documents in a string.

A value of the wrong shape raises Indeterminate with its path, so that a rule never crashes on it and never passes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .rule import Indeterminate


def number(properties: Mapping[str, Any], key: str) -> float | None:
    """Return the number at `key`, or None when it is missing. Providers accept a number as text ("30"), so this does.

    Raises Indeterminate when the value is no number.
    """
    value = properties.get(key)
    if value is None:
        return None
    try:
        if isinstance(value, bool):
            raise ValueError
        return float(value)
    except (TypeError, ValueError):
        raise Indeterminate(f"{key} is not a number") from None


def as_object(value: object, path: str) -> Mapping[str, Any]:
    """Return `value`, or an empty object when it is missing. Raises Indeterminate when it is anything but an object."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Indeterminate(f"{path} is not an object")
    return value  # pyright: ignore[reportUnknownVariableType] - its values are checked where they are read


def as_list(value: object, path: str) -> list[Any]:
    """Return `value`, or an empty list when it is missing. Raises Indeterminate when it is anything but a list."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Indeterminate(f"{path} is not a list")
    return value  # pyright: ignore[reportUnknownVariableType] - its elements are checked where they are read
