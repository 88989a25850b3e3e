"""On what a service's tasks run: Fargate, and a share of it on Fargate Spot.

Spot costs about a third and is taken back with two minutes' notice, so some tasks always stay on Fargate.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html (read 2026-11-24; price from
memory)
"""

from __future__ import annotations

from math import gcd

from pulumi_aws.ecs import ServiceCapacityProviderStrategyArgsDict

_MOST_SPOT_PERCENT = 90


def check_spot_percent(spot_percent: int | None) -> None:
    """Raises ValueError for a share that would leave nothing standing when Spot is away."""
    if spot_percent is not None and not 0 <= spot_percent <= _MOST_SPOT_PERCENT:
        raise ValueError(
            f"spot_percent: got {spot_percent}, allowed 0 to {_MOST_SPOT_PERCENT}, or None: AWS takes Spot tasks back, "
            "and there are hours without any"
        )


def capacity_strategies(
    spot_percent: int | None, *, on_demand_tasks: int = 1
) -> list[ServiceCapacityProviderStrategyArgsDict]:
    """`on_demand_tasks` on Fargate at any rate, of those above `spot_percent` on Spot."""
    if not spot_percent:
        return [{"capacity_provider": "FARGATE", "base": on_demand_tasks, "weight": 1}]
    divisor = gcd(spot_percent, 100)
    return [
        {"capacity_provider": "FARGATE", "base": on_demand_tasks, "weight": (100 - spot_percent) // divisor},
        {"capacity_provider": "FARGATE_SPOT", "weight": spot_percent // divisor},
    ]
