"""The list of rules: the RULE of every module in this folder's areas. A rule needs no other registration."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from .rule import AnyRule, ChecklistItem

_FOLDER = Path(__file__).parent


def _found() -> Iterator[AnyRule]:
    for area in pkgutil.iter_modules([str(_FOLDER)]):
        if not area.ispkg:
            continue
        for module in pkgutil.iter_modules([str(_FOLDER / area.name)]):
            rule = getattr(import_module(f"{__package__}.{area.name}.{module.name}"), "RULE", None)
            if rule is not None:
                yield rule


_ITEMS = list(ChecklistItem)
RULES: tuple[AnyRule, ...] = tuple(sorted(_found(), key=lambda rule: (_ITEMS.index(rule.item), rule.id)))
"""All rules, in the order of the guide's checklist, then by id."""
