"""The rules of advice, as data: the scaling guide's, with hysteresis.

A stack grows when a metric is above its threshold on most days, and shrinks only when every metric is far below on all
days. The gap between both keeps advice from alternating.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tierup.advise.metrics import Day
from tierup.program_settings import Phase, Tier

GROW_SHARE: Final = 5 / 7
"""A threshold must be exceeded on this share of the days: 5 of 7."""
FEWEST_DAYS: Final = 3
"""Advice with data of fewer days is always to stay."""
SHRINK_DAYS: Final = 7
"""A stack shrinks only after this many days."""
SHRINK_USERS_SHARE: Final = 0.7
"""Users must be below this share of the lower tier's limit."""
SHRINK_CPU_PERCENT: Final = 50.0
"""CPU must be below this on the lower tier's tasks, at their maximum; the guide allows 70 %."""
SHRINK_MEMORY_PERCENT: Final = 60.0
"""Memory must be below this on the lower tier's tasks and cache; the guide allows 80 %."""
SHRINK_P95_MS: Final = 200.0
SHRINK_DATABASE_PERCENT: Final = 30.0
"""CPU and disk of the database must be below this, where they are known."""


class Move(enum.StrEnum):
    """What a rule changes."""

    CACHE = "cache"  # phase optimization
    BALANCE = "balance"  # phase scale, tier medium or larger
    ORCHESTRATE = "orchestrate"  # phase scale, tier large
    NEXT = "next"  # autoscaling first, then the next tier
    NEXT_TIER = "next tier"


@dataclass(frozen=True, kw_only=True, slots=True)
class GrowRule:
    """A threshold above which a stack grows."""

    id: str
    metric: str
    above: float
    unit: str
    move: Move
    source: str
    effect: str
    """What the change improves."""


GROW_RULES: Final[Sequence[GrowRule]] = (
    GrowRule(
        id="redis",
        metric="p95_ms",
        above=200,
        unit="ms",
        move=Move.CACHE,
        source='guide: "Add Redis when response time > 200ms"',
        effect="A cache (Valkey) answers repeated reads without the database.",
    ),
    GrowRule(
        id="load-balancing",
        metric="users",
        above=10_000,
        unit="users",
        move=Move.BALANCE,
        source='guide: "Add load balancer when > 10K users"',
        effect="The load is balanced over autoscaled tasks in three availability zones.",
    ),
    GrowRule(
        id="orchestration",
        metric="users",
        above=100_000,
        unit="users",
        move=Move.ORCHESTRATE,
        source='guide: "Move to Kubernetes when > 100K users"; here ECS with the sizes of tier large',
        effect="Up to 40 larger tasks, a cache of three nodes, and an M60 database.",
    ),
    GrowRule(
        id="response-time",
        metric="p95_ms",
        above=500,
        unit="ms",
        move=Move.NEXT,
        source='guide: "Response time (p95 < 500ms)"',
        effect="More or larger tasks and a larger database shorten the queues.",
    ),
    GrowRule(
        id="cpu",
        metric="cpu_percent",
        above=70,
        unit="%",
        move=Move.NEXT,
        source='guide: "CPU usage (< 70%)"',
        effect="More tasks share the load.",
    ),
    GrowRule(
        id="memory",
        metric="memory_percent",
        above=80,
        unit="%",
        move=Move.NEXT_TIER,
        source='guide: "Memory usage (< 80%)"',
        effect="Each task has twice the memory.",
    ),
    GrowRule(
        id="most-tasks",
        metric="tasks_percent",
        above=95,
        unit="% of the maximum",
        move=Move.NEXT_TIER,
        source="autoscaling has no tasks left to add",
        effect="Autoscaling has a higher maximum and larger tasks.",
    ),
    GrowRule(
        id="cache-memory",
        metric="cache_memory_percent",
        above=80,
        unit="%",
        move=Move.NEXT_TIER,
        source='guide: "Memory usage (< 80%)"',
        effect="The cache has larger nodes, so that it evicts less.",
    ),
    GrowRule(
        id="database-cpu",
        metric="database_cpu_percent",
        above=70,
        unit="%",
        move=Move.NEXT_TIER,
        source='guide: "CPU usage (< 70%)"',
        effect="The database has a larger instance size.",
    ),
    GrowRule(
        id="database-disk",
        metric="database_disk_percent",
        above=75,
        unit="%",
        move=Move.NEXT_TIER,
        source='guide: "Disk usage (< 75%)"',
        effect="The database has a larger disk.",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleResult:
    """A rule with the days on which its threshold was exceeded."""

    rule: GrowRule
    days_above: int
    days: int
    """Days with data."""
    values: Sequence[float]

    @property
    def holds(self) -> bool:
        """Whether the threshold was exceeded on enough days."""
        return self.days >= FEWEST_DAYS and self.days_above >= math.ceil(round(self.days * GROW_SHARE, 6))


def evaluate(rule: GrowRule, days: Sequence[Day]) -> RuleResult:
    """Return the result of a rule for days."""
    values = [day.values[rule.metric] for day in days if rule.metric in day.values]
    return RuleResult(
        rule=rule, days_above=sum(value > rule.above for value in values), days=len(values), values=values
    )


def moved(move: Move, phase: Phase, tier: Tier) -> tuple[Phase, Tier] | None:
    """Return the phase and tier that a rule leads to, or None if the stack has what the rule adds."""
    wanted = {
        Move.CACHE: (Phase.OPTIMIZATION, tier),
        Move.BALANCE: (Phase.SCALE, _larger_of(tier, Tier.MEDIUM)),
        Move.ORCHESTRATE: (Phase.SCALE, Tier.LARGE),
        Move.NEXT: (Phase.SCALE, tier) if _before(phase, Phase.SCALE) else (phase, _next_tier(tier)),
        Move.NEXT_TIER: (phase, _next_tier(tier)),
    }[move]
    found = wanted[0] if _before(phase, wanted[0]) else phase, wanted[1]
    return None if found == (phase, tier) else found


def _before(phase: Phase, other: Phase) -> bool:
    phases = list(Phase)
    return phases.index(phase) < phases.index(other)


def _larger_of(tier: Tier, other: Tier) -> Tier:
    return max(tier, other, key=list(Tier).index)


def _next_tier(tier: Tier) -> Tier:
    tiers = list(Tier)
    return tiers[min(tiers.index(tier) + 1, len(tiers) - 1)]
