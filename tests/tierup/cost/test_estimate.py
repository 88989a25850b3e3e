"""The estimate: its sums, and the list of types without a price."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tierup.cost.estimate import FREE, RULES, estimate
from tierup.cost.prices import REGIONS, prices
from tierup.cost.rules import PricedResource
from tools.docs.components import components, created_types


def resource(type_: str, name: str = "it", **inputs: object) -> PricedResource:
    return PricedResource(type=type_, name=name, component="tierup:aws:It", parent="it", inputs=inputs)


def test_every_type_of_the_components_is_priced_or_free() -> None:
    made = {each for component in components() for each in created_types(component)}
    assert len(made) > 100
    assert sorted(made - RULES.keys() - FREE) == []
    assert sorted(RULES.keys() & FREE) == []


@pytest.mark.parametrize("region", REGIONS)
def test_prices_by_usage_exist_in_every_region(region: str) -> None:
    assert sorted({key for rule in RULES.values() for key in rule.by_use} - prices(region).keys()) == []


def test_the_sum_adds_the_lines_by_provider() -> None:
    cluster = {"regionConfigs": [{"electableSpecs": {"instanceSize": "M10", "nodeCount": 3}}]}
    found = estimate(
        [
            resource("aws:ec2/natGateway:NatGateway", "a"),
            resource("aws:ec2/natGateway:NatGateway", "b"),
            resource("mongodbatlas:index/advancedCluster:AdvancedCluster", replicationSpecs=[cluster]),
        ],
        "us-east-1",
    )
    assert found.usd("AWS") == 2 * Decimal("32.85")
    assert found.usd("MongoDB Atlas") == Decimal("58.40")
    assert found.usd() == Decimal("124.10")
    assert [(line.price.key, line.quantity) for line in found.lines] == [("nat", 2), ("atlas-M10", 1)]
    assert [price.key for price in found.by_use] == ["nat-gb", "internet-gb", "atlas-transfer-gb"]


def test_types_without_a_price_are_listed_and_not_counted() -> None:
    found = estimate(
        [
            resource("aws:ec2/instance:Instance", "nat", instanceType="c7g.large"),
            resource("aws:rds/instance:Instance", "db"),
            resource("aws:ec2/vpc:Vpc", "vpc"),
        ],
        "us-east-1",
    )
    assert found.unpriced == ["aws:rds/instance:Instance", "nat: nat-instance-c7g.large"]
    assert found.usd() == 0
