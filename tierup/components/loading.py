"""Imports the components, so that a program can have its own package `components`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

from tierup.program_loader import ROOT, import_path, with_modules

_PACKAGE: Final = "components"
_loaded: Final[dict[str, ModuleType]] = {}


@contextmanager
def own_components() -> Generator[None]:
    """Make tierup's package `components` importable within the block, and restore the program's package afterwards.

    A module is loaded once: each class exists once, whichever module of `tierup.components` imports it. Where tierup's
    own package is the importable one already, as in a checkout, nothing is hidden.
    """
    imported = sys.modules.get(_PACKAGE)
    if imported is not None and _is_ours(imported):
        with import_path():
            yield
        return
    with with_modules((_PACKAGE,), _loaded), import_path():
        yield


def load(module: str, name: str) -> Any:
    """Return a member of one of tierup's modules: the plugin of dynamic providers loads their classes so."""
    with own_components():
        return getattr(importlib.import_module(module), name)


def _is_ours(package: ModuleType) -> bool:
    return (ROOT / _PACKAGE / "__init__.py").samefile(package.__file__) if package.__file__ else False
