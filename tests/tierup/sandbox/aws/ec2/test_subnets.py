"""Tests of the behaviour rows of subnets."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.network import SUBNET, VPC
from tierup.sandbox.cloud import CloudResource

from ..account import Account


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


def test_changed_ipam_pool_replaces_subnet(account: Account, subnet: CloudResource) -> None:
    assert account.replaced_by(subnet, ipv4IpamPoolId="ipam-pool-1") == {"ipv4IpamPoolId"}
