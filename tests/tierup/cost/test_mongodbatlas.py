"""The quantities of Atlas prices."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.cost.mongodbatlas import RULES
from tierup.cost.rules import PricedResource

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
AUDITING = "mongodbatlas:index/auditing:Auditing"


def resource(type_: str, **inputs: Any) -> PricedResource:
    return PricedResource(type=type_, name="it", component="tierup:atlas:It", parent="it", inputs=inputs)


def shard(*nodes: int, size: str = "M30") -> dict[str, Any]:
    return {"regionConfigs": [{"electableSpecs": {"instanceSize": size, "nodeCount": count}} for count in nodes]}


def total(*program: PricedResource) -> float:
    """Return the quantity of M30 nodes of the first resource of a program."""
    count = RULES[program[0].type].count
    assert count is not None
    quantities = list(count(program[0], program))
    assert {key for key, _ in quantities} <= {"atlas-M30"}
    return sum(quantity for _, quantity in quantities)


def test_a_cluster_price_is_for_three_nodes() -> None:
    assert total(resource(CLUSTER, replicationSpecs=[shard(3)])) == 1


def test_each_shard_and_each_region_counts() -> None:
    assert total(resource(CLUSTER, replicationSpecs=[shard(2, 2, 1), shard(2, 2, 1)])) == pytest.approx(10 / 3)


def test_auditing_is_a_tenth_of_the_clusters() -> None:
    cluster = resource(CLUSTER, replicationSpecs=[shard(3)])
    assert total(resource(AUDITING, enabled=True), cluster) == pytest.approx(0.1)
    assert total(resource(AUDITING, enabled=False), cluster) == 0
