from __future__ import annotations

from typing import Any

import pytest

from policies.network.s3_endpoint import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


@pytest.mark.parametrize("kind", [None, "Gateway"])
def test_gateway_endpoint_for_s3_passes(kind: object) -> None:
    assert evaluate(RULE, "vpc", {"s3-endpoint: vpcEndpointType": kind}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        {"s3-endpoint": ABSENT},
        {"s3-endpoint: vpcId": "vpc-another"},
        {"s3-endpoint: serviceName": "com.amazonaws.eu-west-1.dynamodb"},
        {"s3-endpoint: vpcEndpointType": "Interface"},
    ],
)
def test_missing_endpoint_fails(changes: dict[str, Any]) -> None:
    assert [finding.found for finding in evaluate(RULE, "vpc", changes).findings] == ["missing"]


def test_endpoint_without_route_table_fails() -> None:
    verdict = evaluate(RULE, "vpc", {"s3-endpoint: routeTableIds": ABSENT})
    assert [finding.path for finding in verdict.findings] == ["s3-endpoint: routeTableIds"]


def test_separate_route_table_association_passes() -> None:
    vpc = resource("aws:ec2/vpc:Vpc", {"id": "vpc-1"}, "vpc")
    nat = resource("aws:ec2/natGateway:NatGateway", {"vpcId": "vpc-1", "availabilityMode": "regional"})
    endpoint = resource(
        "aws:ec2/vpcEndpoint:VpcEndpoint", {"id": "e", "vpcId": "vpc-1", "serviceName": "com.amazonaws.eu-west-1.s3"}
    )
    table = resource(
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation", {"vpcEndpointId": "e"}
    )
    assert RULE.evaluate(vpc, Stack((vpc, nat, endpoint, table))).outcome is Outcome.PASS
    assert RULE.evaluate(vpc, Stack((vpc, nat, endpoint))).outcome is Outcome.FAIL


@pytest.mark.parametrize("changes", [{"nat": ABSENT}, {"nat: subnetId": "subnet-another"}])
def test_vpc_without_nat_is_not_applicable(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "vpc", {**changes, "s3-endpoint": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["serviceName", "vpcEndpointType"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "vpc", {f"s3-endpoint: {path}": UNKNOWN}).outcome is Outcome.UNKNOWN
