"""Tests of the shares of Fargate and Fargate Spot. test_service.py and test_worker_service.py test the service."""

from __future__ import annotations

import pytest

from components.ecs.fargate_service import capacity_strategies, check_spot_percent


@pytest.mark.parametrize("spot", [None, 0])
def test_without_spot_there_is_one_strategy(spot: int | None) -> None:
    assert capacity_strategies(spot) == [{"capacity_provider": "FARGATE", "base": 1, "weight": 1}]


@pytest.mark.parametrize(("spot", "weights"), [(50, (1, 1)), (60, (2, 3)), (75, (1, 3)), (90, (1, 9)), (33, (67, 33))])
def test_weights_have_the_ratio_of_the_share(spot: int, weights: tuple[int, int]) -> None:
    on_demand, on_spot = capacity_strategies(spot, on_demand_tasks=2)

    assert (on_demand["capacity_provider"], on_spot["capacity_provider"]) == ("FARGATE", "FARGATE_SPOT")
    assert (on_demand.get("weight"), on_spot.get("weight")) == weights
    assert on_demand.get("base") == 2
    assert "base" not in on_spot, "AWS supports a base for one strategy"


@pytest.mark.parametrize("spot", [-1, 91, 100])
def test_spot_share_out_of_range_is_rejected(spot: int) -> None:
    with pytest.raises(ValueError, match=rf"spot_percent: out of range \(got {spot}\)\. Set 0 to 90"):
        check_spot_percent(spot)
