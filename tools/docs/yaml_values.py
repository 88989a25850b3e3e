"""Values of the code in YAML spelling, as a reader writes them into a stack file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set
from enum import Enum
from math import inf
from typing import Any, cast

import yaml
from pydantic import BaseModel


def yaml_text(value: object) -> str:
    """Return a value on one line: `null`, `false`, `[a, b]`, `{dailyDays: 7}`."""
    text = yaml.safe_dump(_plain(value), default_flow_style=True, sort_keys=False, allow_unicode=True, width=inf)
    return text.removesuffix("\n").removesuffix("\n...")


def _plain(value: object) -> object:
    """Return the value as YAML's own types; a pydantic model has the aliases of its fields as keys."""
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(by_alias=True))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value) if each.repr}
    if isinstance(value, Mapping):
        entries = cast("Mapping[Any, object]", value)
        return {_plain(key): _plain(each) for key, each in entries.items()}
    if isinstance(value, Set):
        return sorted((_plain(each) for each in cast("Set[Any]", value)), key=str)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    if value is None or type(value) in (bool, int, float):
        return value
    return str(value)
