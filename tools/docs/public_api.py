"""The public API in docs/reference/public-api.json: names, type tokens, arguments and outputs of `tierup.components`.

A line that a change removes from the file breaks programs of users.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tierup.components

from .components import components, token

PAGE = Path(__file__).parents[2] / "docs/reference/public-api.json"
MODULES = sorted(each.name for each in pkgutil.iter_modules(tierup.components.__path__) if each.name != "loading")


def text() -> str:
    """Return the content of the file."""
    return json.dumps(described(), indent=1) + "\n"


def exported() -> Mapping[str, Mapping[str, Any]]:
    """Return the exported objects by module and name."""
    modules = {name: importlib.import_module(f"tierup.components.{name}") for name in MODULES}
    return {name: {each: getattr(module, each) for each in module.__all__} for name, module in modules.items()}


def described() -> Mapping[str, Any]:
    """Return what a program relies on: names, type tokens, arguments and outputs."""
    tokens = {each.cls: token(each) for each in components()}
    return {
        f"{module}.{name}": {
            "token": tokens.get(value),
            "arguments": _arguments(value),
            "outputs": sorted(_outputs(value)) if value in tokens else [],
        }
        for module, names in exported().items()
        for name, value in names.items()
    }


def _arguments(value: Any) -> Mapping[str, str]:
    if not dataclasses.is_dataclass(value):
        return {}
    missing = dataclasses.MISSING
    return {
        each.name: "required" if each.default is missing and each.default_factory is missing else "optional"
        for each in dataclasses.fields(value)
    }


def _outputs(cls: type[Any]) -> Iterator[str]:
    for each in cls.__mro__:
        if each.__module__.startswith("components."):
            yield from (name for name in vars(each).get("__annotations__", {}) if not name.startswith("_"))
