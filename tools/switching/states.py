"""The states of a stack that a switch leads from and to: every phase and tier that the program accepts, by CDN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from components.cdn.provider import CdnKind
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tierup.program_settings import RejectedSettingsError
from tierup.switch.planner import settings_of

STACK: Final = "prod"
ZONE: Final = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True, order=True)
class State:
    """One phase and tier."""

    phase: Phase
    tier: Tier

    def __str__(self) -> str:
        return f"{self.phase}/{self.tier}"

    def config(self, cdn: CdnKind) -> dict[str, Any]:
        """Return the configuration of a stack in this state."""
        config: dict[str, Any] = {
            "aws:region": "eu-west-1",
            "tierup:phase": self.phase.value,
            "tierup:tier": self.tier.value,
            "tierup:domain": "app.example.com",
            "tierup:apiDomain": "api.example.com",
            "tierup:alertEmail": "ops@example.com",
            "tierup:atlasOrgId": "0123456789abcdef01234567",
        }
        if cdn is CdnKind.CLOUDFLARE:
            config |= {"tierup:cdn": cdn.value, "tierup:cloudflareZoneId": ZONE}
        return config

    @property
    def wanted(self) -> dict[str, Any]:
        """The values of a switch to this state."""
        return {"tierup:phase": self.phase.value, "tierup:tier": self.tier.value}

    @property
    def options(self) -> tuple[str, ...]:
        """The options of `tierup switch` to this state."""
        return ("--phase", self.phase.value, "--tier", self.tier.value)


def states() -> list[State]:
    """Return every state that the program accepts."""
    return list(_accepted())


def _accepted() -> Iterator[State]:
    for phase, tier in product(Phase, Tier):
        state = State(phase, tier)
        try:
            settings_of(state.config(CdnKind.CLOUDFRONT), STACK)
        except RejectedSettingsError:
            continue
        yield state


def pairs() -> list[tuple[State, State]]:
    """Return every ordered pair of different states."""
    return [(before, after) for before, after in product(states(), states()) if before != after]


def parse(text: str) -> State:
    """Return the state of a text such as `scale/medium`. Raises ValueError."""
    phase, _, tier = text.partition("/")
    return State(Phase(phase), Tier(tier))
