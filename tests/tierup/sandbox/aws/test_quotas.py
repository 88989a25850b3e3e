"""Tests of the quotas that count something other than resources of one type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tierup.sandbox.aws.managed_prefix_lists import list_id
from tierup.sandbox.aws.network import SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.aws.security_groups import INGRESS_RULE, SECURITY_GROUP_RULE
from tierup.sandbox.aws.vpc_endpoints import VPC_ENDPOINT
from tierup.sandbox.behaviour import Quota
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.registry import registry

from .account import Account

NEEDED = (
    ("aws:ec2/eip:Eip", 5, "Elastic IP"),
    ("aws:ec2/vpc:Vpc", 5, "VPCs"),
    ("aws:ec2/natGateway:NatGateway", 5, "NAT gateways per Availability Zone"),
    ("aws:lb/listener:Listener", 50, "listeners per load balancer"),
    ("aws:lb/listenerRule:ListenerRule", 100, "rules per load balancer"),
    ("aws:lb/loadBalancer:LoadBalancer", 5, "security groups per network interface"),
    ("aws:ec2/securityGroup:SecurityGroup", 60, "rules per security group"),
    ("aws:ecs/service:Service", 6, "Fargate On-Demand"),
    ("aws:ecs/service:Service", 6, "Fargate Spot"),
    ("aws:cloudfront/distribution:Distribution", 500, "distributions"),
    ("aws:cloudfront/distribution:Distribution", 100, "origins per distribution"),
    ("aws:cloudfront/originRequestPolicy:OriginRequestPolicy", 20, "custom origin request policies"),
    ("aws:wafv2/webAcl:WebAcl", 100, "web ACLs"),
    ("aws:wafv2/ipSet:IpSet", 100, "IP sets"),
    ("mongodbatlas:index/advancedCluster:AdvancedCluster", 25, "clusters per project"),
    ("mongodbatlas:index/project:Project", 250, "projects per organization"),
)


def quotas() -> Iterator[tuple[str, Quota]]:
    for row in registry().behaviours.values():
        for quota in row.quotas:
            yield row.type, quota


@pytest.mark.parametrize(("type", "limit", "what"), NEEDED)
def test_quota_of_a_new_account_is_listed(type: str, limit: int, what: str) -> None:
    assert (type, limit) in {(token, quota.limit) for token, quota in quotas() if what in quota.what}


def test_quotas_of_a_type_have_different_names() -> None:
    names = [(type, quota.what) for type, quota in quotas()]
    assert names
    assert len(names) == len(set(names))


def test_rules_of_a_group_count_in_each_form_and_by_address_range(account: Account, vpc: CloudResource) -> None:
    inline = [
        {"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": ["10.0.0.0/24", "10.1.0.0/24"]}
        for port in range(1, 30)
    ]
    group = account.make(SECURITY_GROUP, "api", vpcId=vpc.id, ingress=inline).id
    one = {"securityGroupId": group, "type": "ingress", "protocol": "tcp", "fromPort": 90, "toPort": 90}
    assert not account.codes(SECURITY_GROUP_RULE, "two", **one, cidrBlocks=["10.2.0.0/24", "10.3.0.0/24"])
    three = ["10.2.0.0/24", "10.3.0.0/24", "10.4.0.0/24"]
    code = {"RulesPerSecurityGroupLimitExceeded"}
    assert account.codes(SECURITY_GROUP_RULE, "three", **one, cidrBlocks=three) == code
    assert not account.codes(SECURITY_GROUP_RULE, "ipv6", **one, ipv6CidrBlocks=["2001:db8::/64"] * 3)
    assert account.codes(SECURITY_GROUP, "other", vpcId=vpc.id, ingress=[*inline, *inline]) == code


def test_inline_rules_count_at_an_update(account: Account, vpc: CloudResource) -> None:
    group = account.make(SECURITY_GROUP, "api", vpcId=vpc.id)
    inline = [
        {"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": ["10.0.0.0/24"]} for port in range(1, 62)
    ]
    assert account.change_codes(group, ingress=inline) == {"RulesPerSecurityGroupLimitExceeded"}
    assert not account.change_codes(group, ingress=inline[:60])


def test_cloudfronts_prefix_list_counts_as_55_rules(account: Account, vpc: CloudResource) -> None:
    group = account.make(SECURITY_GROUP, "api", vpcId=vpc.id).id
    rule = {"securityGroupId": group, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    cloudfront = list_id("eu-west-1", "com.amazonaws.global.cloudfront.origin-facing")
    account.make(INGRESS_RULE, "cdn", **rule, prefixListId=cloudfront)
    for number in range(5):
        account.make(INGRESS_RULE, f"r{number}", **rule, cidrIpv4=f"10.{number}.0.0/16")
    more = account.codes(INGRESS_RULE, "more", **rule, cidrIpv4="10.9.0.0/16")
    assert more == {"RulesPerSecurityGroupLimitExceeded"}
    assert not account.codes(INGRESS_RULE, "more", **rule, cidrIpv6="2001:db8::/64")


def test_single_rules_count(account: Account, vpc: CloudResource) -> None:
    group = account.make(SECURITY_GROUP, "api", vpcId=vpc.id).id
    for port in range(1, 61):
        account.make(
            INGRESS_RULE, f"r{port}", securityGroupId=group, ipProtocol="tcp", fromPort=port, toPort=port,
            cidrIpv4="10.0.0.0/24",
        )  # fmt: skip
    more = {"securityGroupId": group, "ipProtocol": "tcp", "fromPort": 99, "toPort": 99}
    assert account.codes(INGRESS_RULE, "more", **more, cidrIpv4="10.0.0.0/24") == {"RulesPerSecurityGroupLimitExceeded"}
    assert not account.codes(INGRESS_RULE, "more", **more, cidrIpv6="2001:db8::/64")


def test_interface_has_at_most_five_groups(account: Account, vpc: CloudResource) -> None:
    groups = [account.make(SECURITY_GROUP, f"g{number}", vpcId=vpc.id).id for number in range(6)]
    subnet = account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1a").id
    endpoint = {
        "vpcId": vpc.id, "serviceName": "com.amazonaws.eu-west-1.ecr.api", "vpcEndpointType": "Interface",
        "subnetIds": [subnet],
    }  # fmt: skip
    assert not account.codes(VPC_ENDPOINT, "five", **endpoint, securityGroupIds=groups[:5])
    assert account.codes(VPC_ENDPOINT, "six", **endpoint, securityGroupIds=groups) == {
        "SecurityGroupsPerInterfaceLimitExceeded"
    }


def test_rejected_quota_names_the_command(account: Account) -> None:
    for number in range(5):
        account.make(VPC, f"v{number}", cidrBlock="10.0.0.0/16")
    (rejection,) = account.rejections(VPC, "sixth", cidrBlock="10.0.0.0/16")
    assert rejection.message == (
        "the quota of 5 VPCs per Region is exhausted. Delete one, or request a quota increase (in the sandbox:"
        " `tierup sandbox quotas set`)."
    )
