"""Tests of the behaviour rows of routes and route tables."""

from __future__ import annotations

from tierup.sandbox.aws.ec2 import EGRESS_ONLY_GATEWAY
from tierup.sandbox.aws.ec2_routes import MAIN_ROUTE_TABLE_ASSOCIATION, ROUTE, ROUTE_TABLE_ASSOCIATION
from tierup.sandbox.aws.network import INTERNET_GATEWAY, ROUTE_TABLE, SUBNET, VPC
from tierup.sandbox.cloud import CloudResource

from ..account import Account


def test_route_requires_one_destination_and_one_target(account: Account, vpc: CloudResource) -> None:
    gateway = account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    table = account.make(ROUTE_TABLE, "public", vpcId=vpc.id)
    to_all = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0"}
    route = account.make(ROUTE, "out", gatewayId=gateway.id, **to_all)
    assert route.id.startswith(f"r-{table.id}")
    assert account.codes(ROUTE, "b", **to_all) == {"InvalidParameterCombination"}
    assert account.codes(ROUTE, "b", gatewayId=gateway.id, natGatewayId="nat-1", **to_all) == {
        "InvalidParameterCombination"
    }
    assert account.codes(ROUTE, "b", gatewayId=gateway.id, routeTableId=table.id) == {"InvalidParameterCombination"}
    assert account.codes(ROUTE, "b", gatewayId="igw-0", **to_all) >= {"InvalidInternetGatewayID.NotFound"}


def test_duplicate_route_is_rejected(account: Account, vpc: CloudResource) -> None:
    gateway = account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    table = account.make(ROUTE_TABLE, "public", vpcId=vpc.id)
    both = {"routeTableId": table.id, "gatewayId": gateway.id}
    account.make(ROUTE, "out", destinationCidrBlock="0.0.0.0/0", **both)
    assert account.codes(ROUTE, "again", destinationCidrBlock="0.0.0.0/0", **both) == {"RouteAlreadyExists"}
    assert account.codes(ROUTE, "local", destinationCidrBlock="10.0.0.0/16", **both) == {"RouteAlreadyExists"}
    assert not account.codes(ROUTE, "narrower", destinationCidrBlock="8.8.8.0/24", **both)


def test_route_to_gateway_of_other_vpc_is_rejected(account: Account, vpc: CloudResource) -> None:
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16")
    table = account.make(ROUTE_TABLE, "public", vpcId=vpc.id)
    for gateway in (
        account.make(INTERNET_GATEWAY, "foreign", vpcId=other.id),
        account.make(INTERNET_GATEWAY, "loose"),
    ):
        assert account.codes(ROUTE, routeTableId=table.id, destinationCidrBlock="0.0.0.0/0", gatewayId=gateway.id) == {
            "InvalidParameterValue"
        }
    out = account.make(EGRESS_ONLY_GATEWAY, "out", vpcId=vpc.id)
    assert not account.codes(ROUTE, routeTableId=table.id, destinationIpv6CidrBlock="::/0", egressOnlyGatewayId=out.id)


def test_route_in_main_route_table_is_accepted(account: Account, vpc: CloudResource) -> None:
    gateway = account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    assert not account.codes(
        ROUTE,
        routeTableId=vpc.outputs["mainRouteTableId"],
        destinationCidrBlock="0.0.0.0/0",
        gatewayId=gateway.id,
    )


def test_subnet_has_one_route_table_of_its_vpc(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    table = account.make(ROUTE_TABLE, "public", vpcId=vpc.id)
    account.make(ROUTE_TABLE_ASSOCIATION, "a", subnetId=subnet.id, routeTableId=table.id)
    assert account.codes(ROUTE_TABLE_ASSOCIATION, "b", subnetId=subnet.id, routeTableId=table.id) == {
        "Resource.AlreadyAssociated"
    }
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16")
    foreign = account.make(SUBNET, "foreign", vpcId=other.id, cidrBlock="10.1.0.0/24")
    assert account.codes(ROUTE_TABLE_ASSOCIATION, "c", subnetId=foreign.id, routeTableId=table.id) == {
        "InvalidParameterValue"
    }
    assert account.codes(ROUTE_TABLE_ASSOCIATION, "c", routeTableId=table.id) == {"InvalidParameterCombination"}
    assert account.delete_codes(table) == {"DependencyViolation"}


def test_route_destination_with_host_bits_is_rejected(account: Account) -> None:
    (rejection,) = account.planned(ROUTE, routeTableId="rtb-1", gatewayId="igw-1", destinationCidrBlock="10.0.0.1/8")
    assert rejection.path == "destinationCidrBlock"


def test_egress_only_gateway_rejects_ipv4_route(account: Account) -> None:
    inputs = {"routeTableId": "rtb-1", "egressOnlyGatewayId": "eigw-1"}

    assert not account.planned(ROUTE, destinationIpv6CidrBlock="::/0", **inputs)
    assert [each.path for each in account.planned(ROUTE, destinationCidrBlock="0.0.0.0/0", **inputs)] == [
        "egressOnlyGatewayId"
    ]


def test_main_route_table_association_is_updated_in_its_vpc_only(account: Account, vpc: CloudResource) -> None:
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16")
    first, second = (account.make(ROUTE_TABLE, name, vpcId=vpc.id) for name in ("first", "second"))
    foreign = account.make(ROUTE_TABLE, "foreign", vpcId=other.id)
    main = account.make(MAIN_ROUTE_TABLE_ASSOCIATION, "main", vpcId=vpc.id, routeTableId=first.id)
    moved = {"vpcId": other.id, "routeTableId": foreign.id}
    assert account.replaced_by(main, **moved) == set()
    assert account.change_codes(main, **moved) == {"InvalidParameterValue"}
    assert account.change_codes(main, routeTableId=second.id) == set()
