"""Fargate and Fargate Spot: how tasks are shared between them."""

from __future__ import annotations

import pytest

from components.ecs.capacity_providers import capacity_strategies, check_spot_percent


@pytest.mark.parametrize("spot", [None, 0])
def test_without_spot_there_is_one_strategy(spot: int | None) -> None:
    assert capacity_strategies(spot) == [{"capacity_provider": "FARGATE", "base": 1, "weight": 1}]


@pytest.mark.parametrize(("spot", "weights"), [(50, (1, 1)), (60, (2, 3)), (75, (1, 3)), (90, (1, 9)), (33, (67, 33))])
def test_the_weights_are_the_share(spot: int, weights: tuple[int, int]) -> None:
    on_demand, on_spot = capacity_strategies(spot, on_demand_tasks=2)

    assert (on_demand["capacity_provider"], on_spot["capacity_provider"]) == ("FARGATE", "FARGATE_SPOT")
    assert (on_demand.get("weight"), on_spot.get("weight")) == weights
    assert on_demand.get("base") == 2
    assert "base" not in on_spot, "AWS takes one base"


@pytest.mark.parametrize("spot", [-1, 91, 100])
def test_some_tasks_always_stay_on_fargate(spot: int) -> None:
    with pytest.raises(ValueError, match=f"spot_percent: got {spot}, allowed 0 to 90"):
        check_spot_percent(spot)
