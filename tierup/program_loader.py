"""Finds the Pulumi program and the policy pack, in a checkout and in a wheel, and runs the program.

A checkout holds `stacks`, `components`, `policies` and `templates` beside `tierup`. A wheel carries them below
`tierup/program`, because such generic names in site-packages would collide with the modules of other packages. Neither
folder is on Python's import path: `import_path` adds it for the imports in its block.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final

_PACKAGED: Final = Path(__file__).parent / "program"
_PACKAGES: Final = ("stacks", "components")

ROOT: Final = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[1]
"""The folder that holds `stacks`, `components`, `policies` and `templates`."""

POLICY_PACK: Final = ROOT / "policies"
"""The folder of tierup's policy pack."""

TEMPLATE: Final = ROOT / "templates" / "tierup"
"""The folder of the template for new projects."""


@contextmanager
def import_path() -> Generator[None]:
    """Make the packages in ROOT importable within the block.

    Afterwards only those that were imported are, with their submodules: a program that has a package of the same name
    must get its own.
    """
    sys.path.insert(0, str(ROOT))
    try:
        yield
    finally:
        sys.path.remove(str(ROOT))


def forget() -> None:
    """Remove the program's modules from sys.modules, so that a project's program gets its own packages."""
    _replace(_PACKAGES, {})


def program_modules() -> dict[str, ModuleType]:
    """Return the program's modules that are imported, by name."""
    return modules_of(_PACKAGES)


@contextmanager
def remembered(modules: dict[str, ModuleType]) -> Generator[None]:
    """Make these the program's modules within the block; `modules` gets those that it imports, too.

    Pulumi resolves the annotations of a component in its module in sys.modules, and fails if `forget` has removed it.
    """
    with with_modules(_PACKAGES, modules), import_path():
        yield


def modules_of(packages: Collection[str]) -> dict[str, ModuleType]:
    """Return the imported modules of top-level packages, by name."""
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] in packages}


@contextmanager
def with_modules(packages: Collection[str], modules: dict[str, ModuleType]) -> Generator[None]:
    """Make these the modules of top-level packages within the block; `modules` gets those that it imports, too."""
    known = modules_of(packages)
    _replace(packages, modules)
    try:
        yield
    finally:
        modules.update(modules_of(packages))
        _replace(packages, known)


def _replace(packages: Collection[str], modules: Mapping[str, ModuleType]) -> None:
    for name in modules_of(packages):
        del sys.modules[name]
    sys.modules.update(modules)


def run() -> None:
    """Run the Pulumi program, as the `__main__.py` of a project does that `tierup init` has created."""
    # A second run in the same process, such as `up` after its preview, must create the program's modules again.
    forget()
    runpy.run_path(str(ROOT / "stacks"), run_name="__main__")
