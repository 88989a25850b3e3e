from __future__ import annotations

import pytest

from policies.network.routes import route_table_of
from policies.rule import Resource, Stack
from tests.policies.evaluation import resource

VPC = resource("aws:ec2/vpc:Vpc", {"id": "vpc-1", "defaultRouteTableId": "rtb-main"}, "vpc")
SUBNET = resource("aws:ec2/subnet:Subnet", {"id": "subnet-1", "vpcId": "vpc-1"}, "subnet")
OWN = resource("aws:ec2/routeTable:RouteTable", {"id": "rtb-own"}, "own")
ADOPTED = resource(
    "aws:ec2/defaultRouteTable:DefaultRouteTable", {"id": "rtb-main", "defaultRouteTableId": "rtb-main"}, "adopted"
)
ASSOCIATION = resource(
    "aws:ec2/routeTableAssociation:RouteTableAssociation", {"subnetId": "subnet-1", "routeTableId": "rtb-own"}
)
MAIN = resource(
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", {"vpcId": "vpc-1", "routeTableId": "rtb-own"}
)


@pytest.mark.parametrize(
    ("others", "table"),
    [
        ((VPC, OWN, ASSOCIATION, ADOPTED), "own"),
        ((VPC, ADOPTED), "adopted"),
        ((VPC, OWN, MAIN, ADOPTED), "own"),
        ((VPC,), "vpc"),
        ((), None),
        ((VPC, ASSOCIATION), None),
        ((VPC, MAIN), None),
    ],
)
def test_subnet_association_overrides_the_main_table(others: tuple[Resource, ...], table: str | None) -> None:
    found = route_table_of(SUBNET, Stack((SUBNET, *others)))
    assert (found.name if found else None) == table
