"""The order rules of the program, for this package: stacks/config/transitions.py holds the tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tierup.program_loader import import_path

with import_path():
    from components.atlas.instance_limits import size_number
    from stacks.change_guard import APPLIED_SETTINGS
    from stacks.config.secrets import PLACEHOLDER
    from stacks.config.transitions import (
        FORBIDDEN_CHANGES,
        KEPT_SETTINGS,
        ORDER_RULES,
        ForbiddenChange,
        KeptSetting,
        OrderRule,
        needed_delegation,
    )
    from stacks.transforms.protection import STATEFUL

NETWORK: Final = frozenset({"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:lb/loadBalancer:LoadBalancer"})
"""The stateful types that hold no data. A switch does not replace them, and deletes a subnet that nothing uses."""

DATA: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{token: lost for token, lost in STATEFUL.items() if token not in NETWORK},
        "aws:backup/vault:Vault": "the recovery points of AWS Backup",
    }
)
"""Type token → what its deletion or replacement would lose. A switch does neither, unless the user accepts it."""

__all__ = [
    "APPLIED_SETTINGS",
    "DATA",
    "FORBIDDEN_CHANGES",
    "KEPT_SETTINGS",
    "NETWORK",
    "ORDER_RULES",
    "PLACEHOLDER",
    "STATEFUL",
    "ForbiddenChange",
    "KeptSetting",
    "OrderRule",
    "needed_delegation",
    "size_number",
]
