"""Fixtures that the ElastiCache tests share."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.elasticache import SUBNET_GROUP
from tierup.sandbox.aws.network import SUBNET, VPC
from tierup.sandbox.cloud import CloudResource

from ..account import Account


@pytest.fixture
def vpc(account: Account) -> str:
    return account.make(VPC, "vpc", cidrBlock="10.0.0.0/16").id


@pytest.fixture
def subnets(account: Account, vpc: str) -> list[str]:
    return [
        account.make(SUBNET, zone, vpcId=vpc, cidrBlock=f"10.0.{number}.0/24", availabilityZone=f"eu-west-1{zone}").id
        for number, zone in enumerate("ab")
    ]


@pytest.fixture
def group(account: Account, subnets: list[str]) -> CloudResource:
    return account.make(SUBNET_GROUP, "cache", subnetIds=subnets)
