"""The phases of the guide's roadmap, and which building blocks each of them has.

A phase is the one before it plus what it adds: going up creates, and never replaces. How big a block is, is the tier's
affair.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class Phase(enum.StrEnum):
    """Where on the roadmap a stack stands."""

    MVP = "mvp"  # the first production: small, but nothing that has to be thrown away later
    OPTIMIZATION = "optimization"  # cache, compression, monitoring on the guide's numbers
    SCALE = "scale"
    ENTERPRISE = "enterprise"


class Block(enum.StrEnum):
    """A building block that some phases have and others have not. What every phase has is not listed here."""

    CACHE = "cache"  # Valkey on ElastiCache, and REDIS_URL for the service
    COMPRESSION = "compression"  # gzip and brotli, and cache rules by content hash
    TARGET_ALARMS = (
        "alarms on the guide's numbers"  # p95, error rate, CPU, memory; every phase has the alarms on outages
    )
    DATABASE_ALERTS = "database alerts"  # slow queries, connections, disk: Atlas's own alerts
    DASHBOARD = "dashboard"
    UPTIME_CHECK = "uptime check"  # from outside AWS's network
    BUDGET = "budget"


_ADDED: Mapping[Phase, frozenset[Block]] = MappingProxyType(
    {
        Phase.MVP: frozenset(),
        Phase.OPTIMIZATION: frozenset(Block),
    }
)


BUILT = tuple(_ADDED)
"""The phases that this version builds, in the order of the roadmap."""


def blocks(phase: Phase) -> frozenset[Block]:
    """The blocks of a phase: its own and those of every phase before. Raises KeyError for a phase not in BUILT."""
    reached = BUILT[: BUILT.index(phase) + 1] if phase in BUILT else ()
    if not reached:
        raise KeyError(phase)
    return frozenset[Block]().union(*(_ADDED[each] for each in reached))
