from __future__ import annotations

from typing import Any

import pytest

from policies.network.store_subnets import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

INTERNET = {"cidrBlock": "0.0.0.0/0", "gatewayId": "internet-id"}
STORES = ["store-a", "store-b"]
UNTABLED = {f"{name}-table": ABSENT for name in STORES}


def test_subnets_without_a_way_to_the_internet_pass() -> None:
    assert evaluate(RULE, "store-subnets").outcome is Outcome.PASS


def test_subnets_of_the_public_kind_fail_by_name() -> None:
    verdict = evaluate(RULE, "store-subnets", {"subnetIds": ["public-a-id", "store-b-id"]})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("subnetIds (public-a)", "route way-out leads to an internet gateway")
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
def test_routes_written_inside_the_table_are_evaluated(route: dict[str, Any], outcome: Outcome) -> None:
    assert evaluate(RULE, "store-subnets", {"private-table: routes": [route]}).outcome is outcome


@pytest.mark.parametrize(
    ("gateway", "outcome"),
    [("igw-1", Outcome.FAIL), ("vgw-1", Outcome.PASS), (ABSENT, Outcome.PASS), (UNKNOWN, Outcome.UNKNOWN)],
)
def test_a_route_names_its_gateway_in_plain_text_too(gateway: object, outcome: Outcome) -> None:
    changes = {"way-out: routeTableId": "private-table-id", "way-out: gatewayId": gateway}
    assert evaluate(RULE, "store-subnets", changes).outcome is outcome


@pytest.mark.parametrize(("table", "outcome"), [("public-table-id", Outcome.PASS), ("vpc-id", Outcome.FAIL)])
def test_a_subnet_without_a_table_uses_the_vpcs_own(table: str, outcome: Outcome) -> None:
    assert evaluate(RULE, "store-subnets", {**UNTABLED, "way-out: routeTableId": table}).outcome is outcome


def test_a_table_of_another_stack_cannot_be_evaluated() -> None:
    changes = {"store-a-table: routeTableId": "rtb-of-others"}
    assert evaluate(RULE, "store-subnets", changes).outcome is Outcome.UNKNOWN
    # What can be seen is evaluated all the same.
    changes |= {"store-b-table: routeTableId": "public-table-id"}
    assert evaluate(RULE, "store-subnets", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "changes",
    [
        {"subnetIds": ["store-a-id", "subnet-of-others"]},
        {**UNTABLED, "store-a: vpcId": "vpc-of-others", "store-b: vpcId": "vpc-of-others"},
        {"subnetIds": UNKNOWN},
    ],
)
def test_subnets_that_cannot_be_seen_are_not_a_pass(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "store-subnets", changes).outcome is Outcome.UNKNOWN


def test_a_store_that_names_no_subnets_is_not_applicable() -> None:
    assert evaluate(RULE, "store-subnets", {"subnetIds": ABSENT}).outcome is Outcome.NOT_APPLICABLE
