"""Tests of the behaviour rows of EC2's network."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.ec2 import (
    EGRESS_ONLY_GATEWAY,
    EIP,
    FLOW_LOG,
    NAT_GATEWAY,
    ROUTE,
    ROUTE_TABLE_ASSOCIATION,
)
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.aws.logs import LOG_GROUP
from tierup.sandbox.aws.network import INTERNET_GATEWAY, ROUTE_TABLE, SUBNET, VPC
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from .account import Account


@pytest.fixture
def subnet(account: Account, vpc: CloudResource) -> CloudResource:
    return account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1a")


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.0.0.0/28", UNKNOWN])
def test_vpc_cidr_from_16_to_28_is_accepted(account: Account, cidr: Any) -> None:
    assert not account.planned(VPC, cidrBlock=cidr)


@pytest.mark.parametrize(
    ("cidr", "code", "says"),
    [
        ("10.0.0.0/15", "InvalidVpc.Range", "/15"),
        ("10.0.0.0/29", "InvalidVpc.Range", "/29"),
        ("10.0.1.0/16", "InvalidParameterValue", "Did you mean 10.0.0.0/16"),
        ("ten", "InvalidParameterValue", "invalid CIDR block (got 'ten')"),
    ],
)
def test_invalid_vpc_cidr_is_rejected(account: Account, cidr: str, code: str, says: str) -> None:
    (rejection,) = account.planned(VPC, cidrBlock=cidr)
    assert (rejection.path, rejection.code) == ("cidrBlock", code)
    assert says in rejection.message


def test_vpc_has_default_resources(vpc: CloudResource) -> None:
    assert vpc.id.startswith("vpc-")
    assert len(vpc.id) == len("vpc-") + 17
    assert vpc.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:vpc/{vpc.id}"
    assert vpc.outputs["defaultSecurityGroupId"].startswith("sg-")
    assert vpc.outputs["mainRouteTableId"] == vpc.outputs["defaultRouteTableId"]
    assert vpc.outputs["enableDnsHostnames"] is False
    assert vpc.outputs["enableDnsSupport"] is True


def test_sixth_vpc_of_region_is_rejected(account: Account) -> None:
    for number in range(5):
        account.make(VPC, f"vpc{number}", cidrBlock="10.0.0.0/16")
    assert account.codes(VPC, "vpc5", cidrBlock="10.0.0.0/16") == {"VpcLimitExceeded"}
    assert not account.codes(VPC, "vpc5", cidrBlock="10.0.0.0/16") & {"InvalidVpc.Range"}
    assert not Account("eu-central-1", account.cloud).codes(VPC, "vpc5", cidrBlock="10.0.0.0/16")


def test_sixth_elastic_ip_is_rejected(account: Account) -> None:
    for number in range(5):
        address = account.make(EIP, f"address{number}", domain="vpc")
        assert address.outputs["publicIp"].replace(".", "-") in address.outputs["publicDns"]
    assert account.codes(EIP, "address5", domain="vpc") == {"AddressLimitExceeded"}


def test_only_dedicated_tenancy_replaces_vpc(account: Account, vpc: CloudResource) -> None:
    assert account.replaced_by(vpc, instanceTenancy="dedicated") == {"instanceTenancy"}
    dedicated = account.make(VPC, "other", cidrBlock="10.1.0.0/16", instanceTenancy="dedicated")
    assert not account.replaced_by(dedicated, instanceTenancy="default")
    assert account.replaced_by(vpc, cidrBlock="10.9.0.0/16") == {"cidrBlock"}
    assert not account.replaced_by(vpc, enableDnsHostnames=True)


def test_subnet_outside_vpc_is_rejected(account: Account, vpc: CloudResource) -> None:
    assert not account.codes(SUBNET, vpcId=vpc.id, cidrBlock="10.0.255.0/24")
    assert account.codes(SUBNET, vpcId=vpc.id, cidrBlock="10.1.0.0/24") == {"InvalidSubnet.Range"}
    assert account.codes(SUBNET, vpcId=vpc.id, cidrBlock="10.0.0.0/29") == {"InvalidSubnet.Range"}
    assert account.codes(SUBNET, vpcId="vpc-0", cidrBlock="10.0.0.0/24") == {"InvalidVpcID.NotFound"}


def test_overlapping_subnet_is_rejected(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    (rejection,) = account.rejections(SUBNET, "b", vpcId=vpc.id, cidrBlock="10.0.0.128/25")
    assert rejection.code == "InvalidSubnet.Conflict"
    assert subnet.id in rejection.message
    other = account.make(VPC, "other", cidrBlock="10.0.0.0/16")
    assert not account.codes(SUBNET, "b", vpcId=other.id, cidrBlock="10.0.0.128/25")


def test_repeated_create_of_subnet_is_accepted(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    assert not account.codes(SUBNET, subnet.name, vpcId=vpc.id, cidrBlock=subnet.outputs["cidrBlock"])


@pytest.mark.parametrize(("zone", "rejected"), [("eu-west-1c", False), ("eu-west-1z", True), ("us-east-1a", True)])
def test_zone_of_other_region_is_rejected(account: Account, zone: str, rejected: bool) -> None:
    found = account.planned(SUBNET, vpcId="vpc-1", cidrBlock="10.0.0.0/24", availabilityZone=zone)
    assert [rejection.path for rejection in found] == (["availabilityZone"] if rejected else [])


def test_vpc_with_subnets_cannot_be_deleted(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    assert account.delete_codes(vpc) == {"DependencyViolation"}
    account.cloud.remove(subnet)
    assert not account.delete_codes(vpc)


def test_second_internet_gateway_of_vpc_is_rejected(account: Account, vpc: CloudResource) -> None:
    gateway = account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    assert account.codes(INTERNET_GATEWAY, "second", vpcId=vpc.id) == {"Resource.AlreadyAssociated"}
    assert not account.change_codes(gateway, tags={"Name": "gateway"})
    assert not account.codes(INTERNET_GATEWAY, "second")


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
        account.make(INTERNET_GATEWAY, "theirs", vpcId=other.id),
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
    theirs = account.make(SUBNET, "theirs", vpcId=other.id, cidrBlock="10.1.0.0/24")
    assert account.codes(ROUTE_TABLE_ASSOCIATION, "c", subnetId=theirs.id, routeTableId=table.id) == {
        "InvalidParameterValue"
    }
    assert account.codes(ROUTE_TABLE_ASSOCIATION, "c", routeTableId=table.id) == {"InvalidParameterCombination"}
    assert account.delete_codes(table) == {"DependencyViolation"}


def test_nat_gateway_requires_internet_gateway_and_unused_address(
    account: Account, vpc: CloudResource, subnet: CloudResource
) -> None:
    address = account.make(EIP, "address", domain="vpc")
    inputs = {"subnetId": subnet.id, "allocationId": address.id}
    assert account.codes(NAT_GATEWAY, "nat", **inputs) == {"Gateway.NotAttached"}
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    gateway = account.make(NAT_GATEWAY, "nat", **inputs)
    assert gateway.outputs["publicIp"] == address.outputs["publicIp"]
    assert gateway.outputs["vpcId"] == vpc.id
    assert gateway.outputs["privateIp"].startswith("10.0.0.")
    assert account.codes(NAT_GATEWAY, "second", **inputs) == {"Resource.AlreadyAssociated"}
    assert account.codes(NAT_GATEWAY, "third", subnetId=subnet.id) == {"MissingParameter"}
    assert not account.codes(NAT_GATEWAY, "private", subnetId=subnet.id, connectivityType="private")
    assert account.delete_codes(address) == {"AuthFailure"}


def test_regional_nat_gateway_requires_vpc(account: Account, vpc: CloudResource) -> None:
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    assert not account.codes(NAT_GATEWAY, availabilityMode="regional", vpcId=vpc.id)
    assert account.codes(NAT_GATEWAY, availabilityMode="regional", subnetId="subnet-1") == {
        "MissingParameter",
        "InvalidParameterCombination",
    }


def test_flow_log_requires_existing_destination(account: Account, vpc: CloudResource) -> None:
    group = account.make(LOG_GROUP, "flows")
    role = account.make(ROLE, "flows", assumeRolePolicy=TRUST)
    inputs = {"vpcId": vpc.id, "trafficType": "ALL", "iamRoleArn": role.outputs["arn"]}
    log = account.make(FLOW_LOG, "flows", logDestination=group.outputs["arn"], **inputs)
    assert "${version}" in log.outputs["logFormat"]
    assert log.outputs["maxAggregationInterval"] == 600
    gone = "arn:aws:logs:eu-west-1:123456789012:log-group:gone"
    assert account.codes(FLOW_LOG, "b", logDestination=gone, **inputs) == {"InvalidParameter"}
    assert account.codes(FLOW_LOG, "b", vpcId=vpc.id, logDestination=group.outputs["arn"]) == {
        "InvalidParameter",
        "MissingParameter",
    }


TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"vpc-flow-logs.amazonaws.com"}}]}'
)


def test_vpc_requires_cidr_or_ipam_pool(account: Account) -> None:
    (rejection,) = account.planned(VPC)
    assert (rejection.path, rejection.code) == ("cidrBlock", "MissingParameter")
    assert not account.planned(VPC, ipv4IpamPoolId="ipam-pool-1", ipv4NetmaskLength=20)


def test_route_destination_with_host_bits_is_rejected(account: Account) -> None:
    (rejection,) = account.planned(ROUTE, routeTableId="rtb-1", gatewayId="igw-1", destinationCidrBlock="10.0.0.1/8")
    assert rejection.path == "destinationCidrBlock"


def test_sixth_nat_gateway_of_zone_is_rejected(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    for number in range(5):
        account.make(NAT_GATEWAY, f"nat{number}", subnetId=subnet.id, connectivityType="private")
    inputs = {"connectivityType": "private"}
    assert account.codes(NAT_GATEWAY, "nat5", subnetId=subnet.id, **inputs) == {"NatGatewayLimitExceeded"}
    other = account.make(SUBNET, "b", vpcId=vpc.id, cidrBlock="10.0.1.0/24", availabilityZone="eu-west-1b")
    assert not account.codes(NAT_GATEWAY, "nat5", subnetId=other.id, **inputs)


def test_vpc_keeps_ipv6_cidr_across_updates(account: Account, vpc: CloudResource) -> None:
    assert vpc.outputs["ipv6CidrBlock"] == ""
    assert account.replaced_by(vpc, assignGeneratedIpv6CidrBlock=True) == set()
    dual = account.change(vpc, assignGeneratedIpv6CidrBlock=True)
    block = dual.outputs["ipv6CidrBlock"]

    assert block.endswith("/56")
    assert dual.outputs["ipv6AssociationId"].startswith("vpc-cidr-assoc-")
    assert account.change(dual, tags={"a": "b"}).outputs["ipv6CidrBlock"] == block


def test_ipv6_cidr_in_use_cannot_be_released(account: Account) -> None:
    vpc = account.make(VPC, "vpc", cidrBlock="10.0.0.0/16", assignGeneratedIpv6CidrBlock=True)
    block = vpc.outputs["ipv6CidrBlock"].replace("/56", "/64")
    account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", ipv6CidrBlock=block)

    assert account.change_codes(vpc, assignGeneratedIpv6CidrBlock=None) == {"InvalidCidrBlock.InUse"}


def test_subnet_ipv6_cidr_is_inside_vpc_and_unique(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    block = "2001:db8::/64"
    assert account.change_codes(subnet, ipv6CidrBlock=block) == {"InvalidSubnet.Range"}
    dual = account.change(vpc, assignGeneratedIpv6CidrBlock=True)
    block = dual.outputs["ipv6CidrBlock"].replace("/56", "/64")
    inputs = {"vpcId": vpc.id, "cidrBlock": "10.0.1.0/24", "ipv6CidrBlock": block}

    assert account.change(subnet, ipv6CidrBlock=block).outputs["ipv6CidrBlockAssociationId"]
    assert account.codes(SUBNET, "b", **inputs) == {"InvalidSubnet.Conflict"}


@pytest.mark.parametrize("cidr", ["2001:db8::/65", "2001:db8::/50", "10.0.0.0/24"])
def test_invalid_subnet_ipv6_size_is_rejected(account: Account, vpc: CloudResource, cidr: str) -> None:
    (rejection,) = account.planned(SUBNET, vpcId=vpc.id, cidrBlock="10.0.0.0/24", ipv6CidrBlock=cidr)
    assert (rejection.path, rejection.code) == ("ipv6CidrBlock", "InvalidSubnet.Range")


def test_changed_assigned_ipv6_cidr_replaces_subnet(account: Account, subnet: CloudResource) -> None:
    assert account.replaced_by(subnet, ipv6CidrBlock="2001:db8::/64") == set()
    (rejection,) = account.planned(SUBNET, vpcId="vpc-1", cidrBlock="10.0.0.0/24", assignIpv6AddressOnCreation=True)
    assert rejection.path == "assignIpv6AddressOnCreation"

    vpc = account.make(VPC, "dual", cidrBlock="10.9.0.0/16", assignGeneratedIpv6CidrBlock=True)
    first, second = (vpc.outputs["ipv6CidrBlock"].replace("00::/56", f"0{digit}::/64") for digit in "12")
    inputs = {"vpcId": vpc.id, "cidrBlock": "10.9.0.0/24", "assignIpv6AddressOnCreation": True}
    assigning = account.make(SUBNET, "assigning", ipv6CidrBlock=first, **inputs)
    assert account.replaced_by(assigning, ipv6CidrBlock=second) == {"ipv6CidrBlock"}


def test_egress_only_gateway_rejects_ipv4_route(account: Account) -> None:
    inputs = {"routeTableId": "rtb-1", "egressOnlyGatewayId": "eigw-1"}

    assert not account.planned(ROUTE, destinationIpv6CidrBlock="::/0", **inputs)
    assert [each.path for each in account.planned(ROUTE, destinationCidrBlock="0.0.0.0/0", **inputs)] == [
        "egressOnlyGatewayId"
    ]
