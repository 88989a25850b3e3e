"""Tests of the behaviour rows of ElastiCache subnet groups."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.elasticache import PARAMETER_GROUP, SUBNET_GROUP
from tierup.sandbox.aws.elasticache_replication_groups import REPLICATION_GROUP
from tierup.sandbox.aws.network import SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import SMALL


def test_subnet_group_in_two_vpcs_is_rejected_and_used_one_is_kept(
    account: Account, vpc: str, group: CloudResource, subnets: list[str]
) -> None:
    assert group.outputs["vpcId"] == vpc
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16").id
    foreign_subnet = account.make(SUBNET, "foreign", vpcId=other, cidrBlock="10.1.0.0/24").id
    assert account.codes(SUBNET_GROUP, "b", subnetIds=[subnets[0], foreign_subnet]) == {"InvalidSubnet"}
    foreign_group = account.make(SECURITY_GROUP, "foreign", vpcId=other).id
    inputs = {"subnetGroupName": group.outputs["name"], **SMALL}
    assert account.codes(REPLICATION_GROUP, securityGroupIds=[foreign_group], **inputs) == {"InvalidParameterValue"}
    account.make(REPLICATION_GROUP, **inputs)
    assert account.delete_codes(group) == {"CacheSubnetGroupInUse"}


def test_subnet_group_with_21_subnets_is_rejected(account: Account) -> None:
    for subnets in ([], [f"subnet-{number}" for number in range(21)]):
        (rejection,) = account.planned(SUBNET_GROUP, subnetIds=subnets)
        assert rejection.path == "subnetIds"


@pytest.mark.parametrize(
    ("name", "value", "rejected"),
    [
        ("maxmemory-policy", "allkeys-lru", False),
        ("maxmemory-policy", "allkeys", True),
        ("maxmemory-polcy", "allkeys-lru", True),
        ("save", "900 1", True),
        ("cluster-enabled", "yes", False),
    ],
)
def test_parameter_must_exist(account: Account, name: str, value: str, rejected: bool) -> None:
    inputs = {"family": "redis7", "parameters": [{"name": name, "value": value}]}
    assert account.codes(PARAMETER_GROUP, **inputs) == ({"InvalidParameterValue"} if rejected else set())


@pytest.mark.parametrize("name", ["acl-pubsub-default", "active-expire-effort", "slave-lazy-flush"])
def test_documented_parameter_is_accepted(account: Account, name: str) -> None:
    inputs = {"family": "redis7", "parameters": [{"name": name, "value": "1"}]}
    assert account.codes(PARAMETER_GROUP, **inputs) == set()
