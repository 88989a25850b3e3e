"""Tests of the behaviour rows of security groups and their rules."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.network import PEERING, SECURITY_GROUP, VPC
from tierup.sandbox.aws.security_groups import (
    DEFAULT_SECURITY_GROUP,
    EGRESS_RULE,
    INGRESS_RULE,
    SECURITY_GROUP_RULE,
)
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from .account import Account

HTTPS = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}


@pytest.fixture
def group(account: Account, vpc: CloudResource) -> CloudResource:
    return account.make(SECURITY_GROUP, "web", vpcId=vpc.id, description="Web")


def test_group_is_named_after_resource(group: CloudResource) -> None:
    assert group.id.startswith("sg-")
    assert group.outputs["name"].startswith("web-")
    assert group.outputs["egress"] == []


@pytest.mark.parametrize("name", ["sg-web", "default", "a" * 256, "web%"])
def test_invalid_group_name_is_rejected(account: Account, vpc: CloudResource, name: str) -> None:
    assert {rejection.path for rejection in account.rejections(SECURITY_GROUP, "b", vpcId=vpc.id, name=name)} == {
        "name"
    }


def test_group_name_is_unique_in_vpc(account: Account, vpc: CloudResource) -> None:
    account.make(SECURITY_GROUP, "a", vpcId=vpc.id, name="web")
    assert account.codes(SECURITY_GROUP, "b", vpcId=vpc.id, name="web") == {"InvalidGroup.Duplicate"}
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16")
    assert not account.codes(SECURITY_GROUP, "b", vpcId=other.id, name="web")


def test_changed_description_replaces_group(account: Account, group: CloudResource) -> None:
    assert account.replaced_by(group, description="other") == {"description"}
    assert not account.replaced_by(group, tags={"Name": "web"})


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"ipProtocol": "tcp", "fromPort": 443}, "fromPort"),
        ({"ipProtocol": "tcp", "fromPort": 443, "toPort": 80}, "fromPort"),
        ({"ipProtocol": "tcp", "fromPort": 0, "toPort": 65536}, "fromPort"),
        ({"ipProtocol": "-1", "fromPort": 0, "toPort": 0}, "fromPort"),
        ({"ipProtocol": "http", "fromPort": 80, "toPort": 80}, "ipProtocol"),
    ],
)
def test_invalid_rule_ports_are_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    found = account.planned(INGRESS_RULE, securityGroupId="sg-1", cidrIpv4="10.0.0.0/8", **inputs)
    assert [rejection.path for rejection in found] == [path]


@pytest.mark.parametrize(
    "inputs", [HTTPS, {"ipProtocol": "-1"}, {"ipProtocol": "tcp", "fromPort": UNKNOWN, "toPort": UNKNOWN}]
)
def test_valid_rule_ports_are_accepted(account: Account, inputs: dict[str, Any]) -> None:
    assert not account.planned(EGRESS_RULE, securityGroupId="sg-1", cidrIpv4="0.0.0.0/0", **inputs)


@pytest.mark.parametrize(
    "sources",
    [
        {},
        {"cidrIpv4": "10.0.0.0/8", "referencedSecurityGroupId": "sg-2"},
        {"cidrIpv4": "10.0.0.1/8"},
        {"cidrIpv4": "::/0"},
    ],
)
def test_rule_requires_one_valid_source(account: Account, sources: dict[str, Any]) -> None:
    assert len(account.planned(INGRESS_RULE, securityGroupId="sg-1", **HTTPS, **sources)) == 1


def test_duplicate_rule_is_rejected(account: Account, group: CloudResource) -> None:
    inputs = {"securityGroupId": group.id, "cidrIpv4": "10.0.0.0/8"}
    made = account.make(INGRESS_RULE, "https", **inputs, **HTTPS)
    assert made.outputs["securityGroupRuleId"] == made.id
    by_number = {**HTTPS, "ipProtocol": "6"}
    assert account.codes(INGRESS_RULE, "again", **inputs, **by_number) == {"InvalidPermission.Duplicate"}
    assert not account.codes(EGRESS_RULE, "again", **inputs, **HTTPS)
    assert not account.codes(INGRESS_RULE, "again", **{**inputs, "cidrIpv4": "192.168.0.0/16"}, **HTTPS)
    assert not account.change_codes(made, description="HTTPS from inside")


def test_changed_kind_of_source_replaces_rule(account: Account, group: CloudResource) -> None:
    """The provider replaces a rule whose kind of source changes."""
    made = account.make(INGRESS_RULE, "https", securityGroupId=group.id, cidrIpv4="10.0.0.0/8", **HTTPS)
    assert not account.replaced_by(made, cidrIpv4="192.168.0.0/16")
    replaced = account.replaced_by(made, cidrIpv4=None, referencedSecurityGroupId=group.id)
    assert replaced == {"cidrIpv4", "referencedSecurityGroupId"}


def test_rule_with_group_of_other_vpc_is_rejected(account: Account, vpc: CloudResource, group: CloudResource) -> None:
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16")
    foreign = account.make(SECURITY_GROUP, "foreign", vpcId=other.id)
    inputs = {"securityGroupId": group.id, "referencedSecurityGroupId": foreign.id, **HTTPS}
    assert account.codes(INGRESS_RULE, **inputs) == {"InvalidGroup.NotFound"}
    account.make(PEERING, "peering", vpcId=vpc.id, peerVpcId=other.id, autoAccept=True)
    assert not account.codes(INGRESS_RULE, **inputs)


def test_referenced_group_cannot_be_deleted(account: Account, vpc: CloudResource, group: CloudResource) -> None:
    tasks = account.make(SECURITY_GROUP, "tasks", vpcId=vpc.id)
    account.make(INGRESS_RULE, securityGroupId=tasks.id, referencedSecurityGroupId=group.id, **HTTPS)
    assert account.delete_codes(group) == {"DependencyViolation"}
    assert not account.delete_codes(tasks)


def test_61st_rule_of_group_is_rejected(account: Account, group: CloudResource) -> None:
    for number in range(60):
        account.make(INGRESS_RULE, f"r{number}", securityGroupId=group.id, cidrIpv4=f"10.{number}.0.0/16", **HTTPS)
    one_more = {"securityGroupId": group.id, "cidrIpv4": "10.99.0.0/16"}
    assert account.codes(INGRESS_RULE, "r60", **one_more, **HTTPS) == {"RulesPerSecurityGroupLimitExceeded"}
    assert not account.codes(EGRESS_RULE, "r60", **one_more, **HTTPS)


def test_default_group_is_adopted_from_vpc(account: Account, vpc: CloudResource) -> None:
    adopted = account.make(DEFAULT_SECURITY_GROUP, "closed", vpcId=vpc.id)
    assert adopted.id == vpc.outputs["defaultSecurityGroupId"]
    assert adopted.outputs["name"] == "default"
    rule = {"securityGroupId": adopted.id, "cidrIpv4": "10.0.0.0/8", **HTTPS}
    assert not account.codes(INGRESS_RULE, **rule)


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "cidrBlocks"),
        ({"sourceSecurityGroupId": "sg-2", "cidrBlocks": ["10.0.0.0/8"]}, "sourceSecurityGroupId"),
        ({"self": True, "cidrBlocks": ["10.0.0.0/8"]}, "self"),
        ({"cidrBlocks": ["10.0.0.0/8", "10.0.0.1/8"]}, "cidrBlocks[1]"),
    ],
)
def test_conflicting_sources_of_security_group_rule_are_rejected(
    account: Account, inputs: dict[str, Any], path: str
) -> None:
    ports = {"type": "ingress", "protocol": "tcp", "fromPort": 80, "toPort": 80}
    found = account.planned(SECURITY_GROUP_RULE, securityGroupId="sg-1", **ports, **inputs)
    assert [rejection.path for rejection in found] == [path]


def test_duplicate_security_group_rule_is_rejected(account: Account, group: CloudResource) -> None:
    inputs = {
        "securityGroupId": group.id,
        "type": "ingress",
        "protocol": "tcp",
        "fromPort": 80,
        "toPort": 80,
        "cidrBlocks": ["10.0.0.0/8"],
    }
    account.make(SECURITY_GROUP_RULE, "http", **inputs)
    assert account.codes(SECURITY_GROUP_RULE, "again", **inputs) == {"InvalidPermission.Duplicate"}
    assert not account.codes(SECURITY_GROUP_RULE, "again", **{**inputs, "type": "egress"})


def test_inline_rules_are_validated(account: Account) -> None:
    bad = [{"protocol": "tcp", "fromPort": 90, "toPort": 80, "cidrBlocks": ["10.0.0.0/8"]}]
    (rejection,) = account.planned(SECURITY_GROUP, vpcId="vpc-1", ingress=bad)
    assert rejection.path == "ingress[0].fromPort"


def test_security_group_rule_ports_must_be_in_order(account: Account) -> None:
    ports = {"type": "ingress", "protocol": "tcp", "fromPort": 90, "toPort": 80}
    (rejection,) = account.planned(SECURITY_GROUP_RULE, securityGroupId="sg-1", cidrBlocks=["10.0.0.0/8"], **ports)
    assert rejection.path == "fromPort"
