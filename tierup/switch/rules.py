"""The order rules of the program, for this package: stacks/config/transitions.py holds the tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tierup.program_loader import import_path

with import_path():
    from stacks.config.transitions import (
        FORBIDDEN_CHANGES,
        KEPT_SETTINGS,
        ORDER_RULES,
        ForbiddenChange,
        KeptSetting,
        OrderRule,
    )
    from stacks.transforms.protection import STATEFUL

DATA: Final[Mapping[str, str]] = MappingProxyType(
    {**STATEFUL, "aws:backup/vault:Vault": "the recovery points of AWS Backup"}
)
"""Type token → what its deletion or replacement would lose. A switch does neither, unless the user accepts it."""

__all__ = [
    "DATA",
    "FORBIDDEN_CHANGES",
    "KEPT_SETTINGS",
    "ORDER_RULES",
    "ForbiddenChange",
    "KeptSetting",
    "OrderRule",
]
