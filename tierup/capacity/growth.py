"""Steady growth from 10,000 to 10 million users: what a stack serves in the busiest hours, and where it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tierup.capacity.assumptions import Assumptions
from tierup.capacity.load import GROWTH_USERS, busiest_hours
from tierup.capacity.plan import TARGET_P95_MS, Recommendation, recommend
from tierup.capacity.simulation import SimulationResult, scaling_policies, service_model, simulate
from tierup.capacity.stack_sizes import StackSizes

DROPPED_PERCENT: Final = 0.1  # the guide's "Error rate (< 0.1%)"


@dataclass(frozen=True, kw_only=True, slots=True)
class GrowthStep:
    """The busiest four hours of a day with a number of users."""

    users: int
    result: SimulationResult
    recommendation: Recommendation

    @property
    def meets_targets(self) -> bool:
        """Whether p95 and dropped requests meet the guide's targets."""
        return self.result.p95_ms <= TARGET_P95_MS and self.result.dropped_percent < DROPPED_PERCENT


def simulate_growth(
    sizes: StackSizes,
    assumptions: Assumptions,
    *,
    seed: int,
    users: Sequence[int] = GROWTH_USERS,
    progress: Callable[[int], None] = lambda _users: None,
) -> Sequence[GrowthStep]:
    """Simulate the stack for each number of users. `progress` gets each number before it is simulated."""
    steps: list[GrowthStep] = []
    for number in users:
        progress(number)
        grown = assumptions.changed(users=number)
        result = simulate(busiest_hours(grown), scaling_policies(sizes), service_model(sizes, grown), seed=seed)
        steps.append(GrowthStep(users=number, result=result, recommendation=recommend(grown)))
    return steps
