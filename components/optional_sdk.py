"""SDKs of providers that only some programs use: they are optional dependencies, and loaded at the first use.

A module of components imports such an SDK for type checkers alone, and else calls `optional_sdk`. It can then be
imported without the SDK, which may be missing or take seconds to load (pulumi_datadog has 40 MB of code).
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any


class _MissingSdk(ModuleType):
    """A module that is not installed."""

    def __init__(self, name: str, extra: str) -> None:
        super().__init__(name)
        self._extra = extra

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ModuleNotFoundError(
            f"{self.__name__}: the package is not installed. Install it with `pip install 'tierup[{self._extra}]'`.",
            name=self.__name__,
        )


def optional_sdk(name: str, extra: str) -> Any:
    """Return the module of an SDK, which is loaded at the first use of an attribute.

    `extra` is the optional dependency of tierup that installs it. An attribute of a missing SDK raises
    ModuleNotFoundError with the command that installs it.
    """
    if (loaded := sys.modules.get(name)) is not None:
        return loaded
    specification = importlib.util.find_spec(name)
    if specification is None or specification.loader is None:
        return _MissingSdk(name, extra)
    specification.loader = importlib.util.LazyLoader(specification.loader)
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module
