"""Imports the components, so that a program can have its own package `components`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

from tierup.program_loader import ROOT, import_path

_PACKAGE: Final = "components"
_loaded: Final[dict[str, ModuleType]] = {}


@contextmanager
def own_components() -> Generator[None]:
    """Make tierup's package `components` importable within the block, and restore the program's package afterwards.

    A module is loaded once: each class exists once, whichever module of `tierup.components` imports it. Where tierup's
    own package is the importable one already, as in a checkout, nothing is hidden.
    """
    known = _modules()
    if known and _is_ours(known[_PACKAGE]):
        with import_path():
            yield
        return
    _replace(_loaded)
    try:
        with import_path():
            yield
    finally:
        _loaded.update(_modules())
        _replace(known)


def load(module: str, name: str) -> Any:
    """Return a member of one of tierup's modules: the plugin of dynamic providers loads their classes so."""
    with own_components():
        return getattr(importlib.import_module(module), name)


def _modules() -> dict[str, ModuleType]:
    """Return the modules of the package that is imported as `components`."""
    found = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == _PACKAGE}
    return found if _PACKAGE in found else {}


def _is_ours(package: ModuleType) -> bool:
    return (ROOT / _PACKAGE / "__init__.py").samefile(package.__file__) if package.__file__ else False


def _replace(modules: Mapping[str, ModuleType]) -> None:
    """Make these the modules of the package `components`."""
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]
    sys.modules.update(modules)
