"""Configurations of stacks for the tests of the switch."""

from __future__ import annotations

from itertools import product
from typing import Any

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier

State = tuple[Phase, Tier]

STATES = [(phase, tier) for phase, tier in product(Phase, Tier) if (phase, tier) != (Phase.ENTERPRISE, Tier.SMALL)]
"""Every phase and tier that the program accepts together."""

PAIRS = [(before, after) for before, after in product(STATES, STATES) if before != after]


def config(phase: str = "mvp", tier: str = "small", **changes: Any) -> dict[str, Any]:
    """Return a configuration with other values of tierup: keys."""
    return {
        "aws:region": "eu-west-1",
        "tierup:phase": str(phase),
        "tierup:tier": str(tier),
        "tierup:domain": "app.example.com",
        "tierup:alertEmail": "ops@example.com",
        "tierup:atlasOrgId": "0123456789abcdef01234567",
        **{f"tierup:{key}": value for key, value in changes.items()},
    }


def wanted(phase: str, tier: str) -> dict[str, Any]:
    """Return the values of a switch to a phase and tier."""
    return {"tierup:phase": str(phase), "tierup:tier": str(tier)}
