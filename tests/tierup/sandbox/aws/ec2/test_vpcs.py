"""Tests of the behaviour rows of VPCs."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.network import SUBNET, VPC
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from ..account import Account


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


def test_only_dedicated_tenancy_replaces_vpc(account: Account, vpc: CloudResource) -> None:
    assert account.replaced_by(vpc, instanceTenancy="dedicated") == {"instanceTenancy"}
    dedicated = account.make(VPC, "other", cidrBlock="10.1.0.0/16", instanceTenancy="dedicated")
    assert not account.replaced_by(dedicated, instanceTenancy="default")
    assert account.replaced_by(vpc, cidrBlock="10.9.0.0/16") == {"cidrBlock"}
    assert not account.replaced_by(vpc, enableDnsHostnames=True)


def test_vpc_with_subnets_cannot_be_deleted(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    assert account.delete_codes(vpc) == {"DependencyViolation"}
    account.cloud.remove(subnet)
    assert not account.delete_codes(vpc)


def test_vpc_requires_cidr_or_ipam_pool(account: Account) -> None:
    (rejection,) = account.planned(VPC)
    assert (rejection.path, rejection.code) == ("cidrBlock", "MissingParameter")
    assert not account.planned(VPC, ipv4IpamPoolId="ipam-pool-1", ipv4NetmaskLength=20)


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
