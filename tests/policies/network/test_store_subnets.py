from __future__ import annotations

from typing import Any

import pytest

from policies.network.store_subnets import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

INTERNET = {"cidrBlock": "0.0.0.0/0", "gatewayId": "internet-id"}
STORES = ["store-a", "store-b"]
WITHOUT_TABLES = {f"{name}-table": ABSENT for name in STORES}


def test_subnets_without_internet_route_pass() -> None:
    assert evaluate(RULE, "store-subnets").outcome is Outcome.PASS


def test_public_subnets_fail() -> None:
    verdict = evaluate(RULE, "store-subnets", {"subnetIds": ["public-a-id", "store-b-id"]})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("subnetIds (public-a)", "route internet-route leads to an internet gateway")
    ]


@pytest.mark.parametrize(
    ("route", "outcome"),
    [
        (INTERNET, Outcome.FAIL),
        ({**INTERNET, "gatewayId": "igw-1"}, Outcome.FAIL),
        ({**INTERNET, "gatewayId": "vgw-1"}, Outcome.PASS),
        ({"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-id"}, Outcome.PASS),
        ({**INTERNET, "gatewayId": UNKNOWN}, Outcome.UNKNOWN),
    ],
)
def test_inline_routes_are_evaluated(route: dict[str, Any], outcome: Outcome) -> None:
    assert evaluate(RULE, "store-subnets", {"private-table: routes": [route]}).outcome is outcome


@pytest.mark.parametrize(
    ("gateway", "outcome"),
    [("igw-1", Outcome.FAIL), ("vgw-1", Outcome.PASS), (ABSENT, Outcome.PASS), (UNKNOWN, Outcome.UNKNOWN)],
)
def test_plain_gateway_id_is_evaluated(gateway: object, outcome: Outcome) -> None:
    changes = {"internet-route: routeTableId": "private-table-id", "internet-route: gatewayId": gateway}
    assert evaluate(RULE, "store-subnets", changes).outcome is outcome


@pytest.mark.parametrize(("table", "outcome"), [("public-table-id", Outcome.PASS), ("vpc-id", Outcome.FAIL)])
def test_subnet_without_table_uses_the_main_table(table: str, outcome: Outcome) -> None:
    assert evaluate(RULE, "store-subnets", {**WITHOUT_TABLES, "internet-route: routeTableId": table}).outcome is outcome


def test_table_of_another_stack_evaluates_to_unknown() -> None:
    changes = {"store-a-table: routeTableId": "rtb-other"}
    assert evaluate(RULE, "store-subnets", changes).outcome is Outcome.UNKNOWN
    # The visible subnet is still evaluated.
    changes |= {"store-b-table: routeTableId": "public-table-id"}
    assert evaluate(RULE, "store-subnets", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "changes",
    [
        {"subnetIds": ["store-a-id", "subnet-other"]},
        {**WITHOUT_TABLES, "store-a: vpcId": "vpc-other", "store-b: vpcId": "vpc-other"},
        {"subnetIds": UNKNOWN},
    ],
)
def test_subnets_of_another_stack_evaluate_to_unknown(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "store-subnets", changes).outcome is Outcome.UNKNOWN


def test_store_without_subnets_is_not_applicable() -> None:
    assert evaluate(RULE, "store-subnets", {"subnetIds": ABSENT}).outcome is Outcome.NOT_APPLICABLE
