"""Tests of the lookups of VPCs, subnets and route tables."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.ec2_routes import ROUTE, ROUTE_TABLE_ASSOCIATION
from tierup.sandbox.aws.network import INTERNET_GATEWAY, ROUTE_TABLE, SUBNET, VPC
from tierup.sandbox.aws.network_lookups import INVOKES
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.registry import Configuration, InvokeError, registry

from .account import Account

CONFIGURATION = Configuration(region="eu-west-1", account="123456789012")


@pytest.fixture
def vpc(account: Account) -> CloudResource:
    return account.make(VPC, "vpc", cidrBlock="10.0.0.0/16", enableDnsHostnames=True)


def test_vpc_and_subnet_lookup_return_outputs(account: Account, vpc: CloudResource) -> None:
    subnet = account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1c")
    found_vpc = registry().invoke("aws:ec2/getVpc:getVpc", {"id": vpc.id}, account.cloud, CONFIGURATION)
    found_subnet = registry().invoke("aws:ec2/getSubnet:getSubnet", {"id": subnet.id}, account.cloud, CONFIGURATION)

    assert (found_vpc["cidrBlock"], found_vpc["enableDnsHostnames"]) == ("10.0.0.0/16", True)
    assert (found_subnet["vpcId"], found_subnet["availabilityZone"]) == (vpc.id, "eu-west-1c")


def test_route_table_lookup_returns_routes(account: Account, vpc: CloudResource) -> None:
    table = account.make(ROUTE_TABLE, "table", vpcId=vpc.id)
    gateway = account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    account.make(ROUTE, "route", routeTableId=table.id, destinationCidrBlock="0.0.0.0/0", gatewayId=gateway.id)
    subnet = account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24")
    account.make(ROUTE_TABLE_ASSOCIATION, "joined", routeTableId=table.id, subnetId=subnet.id)
    found = INVOKES["aws:ec2/getRouteTable:getRouteTable"]({"routeTableId": table.id}, account.cloud, CONFIGURATION)

    assert found["vpcId"] == vpc.id
    assert [(each["subnetId"], each["main"]) for each in found["associations"]] == [(subnet.id, False)]
    assert [(route["cidrBlock"], route["gatewayId"]) for route in found["routes"]] == [("0.0.0.0/0", gateway.id)]


def test_main_route_table_lookup_is_marked_main(account: Account, vpc: CloudResource) -> None:
    look_up = INVOKES["aws:ec2/getRouteTable:getRouteTable"]
    found = look_up({"routeTableId": vpc.outputs["mainRouteTableId"]}, account.cloud, CONFIGURATION)

    assert found["vpcId"] == vpc.id
    assert [each["main"] for each in found["associations"]] == [True]
    with pytest.raises(InvokeError, match="no matching EC2 Route Table found: 'rtb-0'"):
        look_up({"routeTableId": "rtb-0"}, account.cloud, CONFIGURATION)


@pytest.mark.parametrize(
    "caller",
    [
        Configuration(region="us-east-1", account="123456789012"),
        Configuration(region="eu-west-1", account="210987654321"),
    ],
)
def test_vpc_of_another_region_or_account_is_not_found(
    account: Account, vpc: CloudResource, caller: Configuration
) -> None:
    with pytest.raises(InvokeError, match="no matching EC2 VPC found"):
        registry().invoke("aws:ec2/getVpc:getVpc", {"id": vpc.id}, account.cloud, caller)
