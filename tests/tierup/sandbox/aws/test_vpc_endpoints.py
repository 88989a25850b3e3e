"""Tests of the behaviour rows of VPC endpoints."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.network import ROUTE_TABLE, SECURITY_GROUP, SUBNET, VPC, VPC_ENDPOINT
from tierup.sandbox.aws.vpc_endpoints import ENDPOINT_ROUTE_TABLE
from tierup.sandbox.cloud import CloudResource

from .account import Account

S3 = "com.amazonaws.eu-west-1.s3"
LOGS = "com.amazonaws.eu-west-1.logs"
ATLAS = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"


@pytest.fixture
def vpc(account: Account) -> CloudResource:
    return account.make(VPC, "vpc", cidrBlock="10.0.0.0/16", enableDnsHostnames=True)


def subnet(account: Account, vpc: CloudResource, name: str, cidr: str, zone: str) -> str:
    return account.make(SUBNET, name, vpcId=vpc.id, cidrBlock=cidr, availabilityZone=zone).id


def test_gateway_endpoint_has_prefix_list_and_unique_routes(account: Account, vpc: CloudResource) -> None:
    table = account.make(ROUTE_TABLE, "public", vpcId=vpc.id)
    endpoint = account.make(VPC_ENDPOINT, "s3", vpcId=vpc.id, serviceName=S3, routeTableIds=[table.id])
    assert endpoint.outputs["vpcEndpointType"] == "Gateway"
    assert endpoint.outputs["prefixListId"].startswith("pl-")
    assert account.codes(VPC_ENDPOINT, "again", vpcId=vpc.id, serviceName=S3, routeTableIds=[table.id]) == {
        "RouteAlreadyExists"
    }
    joined = account.make(ENDPOINT_ROUTE_TABLE, "s3", vpcEndpointId=endpoint.id, routeTableId=table.id)
    assert joined.id.startswith(f"a-{endpoint.id}")


def test_gateway_endpoint_supports_only_s3_and_dynamodb(account: Account) -> None:
    (rejection,) = account.planned(VPC_ENDPOINT, vpcId="vpc-1", serviceName=LOGS)
    assert rejection.path == "vpcEndpointType"
    assert not account.planned(VPC_ENDPOINT, vpcId="vpc-1", serviceName=LOGS, vpcEndpointType="Interface")


def test_inputs_must_match_endpoint_type(account: Account) -> None:
    (rejection,) = account.planned(VPC_ENDPOINT, vpcId="vpc-1", serviceName=S3, subnetIds=["subnet-1"])
    assert rejection.path == "subnetIds"
    (rejection,) = account.planned(
        VPC_ENDPOINT, vpcId="vpc-1", serviceName=LOGS, vpcEndpointType="Interface", routeTableIds=["rtb-1"]
    )
    assert rejection.path == "routeTableIds"


def test_service_of_other_region_is_rejected(account: Account) -> None:
    (rejection,) = account.planned(VPC_ENDPOINT, vpcId="vpc-1", serviceName="com.amazonaws.us-east-1.s3")
    assert rejection.code == "InvalidServiceName"
    assert not account.planned(VPC_ENDPOINT, vpcId="vpc-1", serviceName=ATLAS, vpcEndpointType="Interface")


def test_invalid_endpoint_policy_is_rejected(account: Account) -> None:
    (rejection,) = account.planned(VPC_ENDPOINT, vpcId="vpc-1", serviceName=S3, policy="{")
    assert (rejection.path, rejection.code) == ("policy", "InvalidPolicyDocument")


def test_interface_endpoint_has_one_subnet_per_zone_of_its_vpc(account: Account, vpc: CloudResource) -> None:
    a, b, a2 = (
        subnet(account, vpc, "a", "10.0.0.0/24", "eu-west-1a"),
        subnet(account, vpc, "b", "10.0.1.0/24", "eu-west-1b"),
        subnet(account, vpc, "a2", "10.0.2.0/24", "eu-west-1a"),
    )
    inputs = {"vpcId": vpc.id, "serviceName": ATLAS, "vpcEndpointType": "Interface"}
    endpoint = account.make(VPC_ENDPOINT, "atlas", subnetIds=[a, b], **inputs)
    assert len(endpoint.outputs["networkInterfaceIds"]) == 2
    assert endpoint.outputs["securityGroupIds"] == [vpc.outputs["defaultSecurityGroupId"]]
    assert account.codes(VPC_ENDPOINT, "b", subnetIds=[a, a2], **inputs) == {"DuplicateSubnetsInSameZone"}
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16")
    foreign = subnet(account, other, "foreign", "10.1.0.0/24", "eu-west-1b")
    assert account.codes(VPC_ENDPOINT, "b", subnetIds=[a, foreign], **inputs) == {"InvalidParameter"}
    group = account.make(SECURITY_GROUP, "foreign", vpcId=other.id).id
    assert account.codes(VPC_ENDPOINT, "b", subnetIds=[a], securityGroupIds=[group], **inputs) == {"InvalidParameter"}


def test_private_dns_requires_vpc_dns(account: Account, vpc: CloudResource) -> None:
    inputs = {"serviceName": LOGS, "vpcEndpointType": "Interface", "privateDnsEnabled": True}
    assert not account.codes(VPC_ENDPOINT, vpcId=vpc.id, **inputs)
    plain = account.make(VPC, "plain", cidrBlock="10.1.0.0/16")
    (rejection,) = account.rejections(VPC_ENDPOINT, vpcId=plain.id, **inputs)
    assert "enableDnsHostnames" in rejection.message
    assert "enableDnsSupport" not in rejection.message


def test_second_endpoint_with_private_dns_for_one_service_is_rejected(account: Account, vpc: CloudResource) -> None:
    inputs = {"vpcId": vpc.id, "serviceName": LOGS, "vpcEndpointType": "Interface"}
    account.make(VPC_ENDPOINT, "first", privateDnsEnabled=True, **inputs)
    assert account.codes(VPC_ENDPOINT, "second", privateDnsEnabled=True, **inputs) == {"InvalidParameter"}
    assert not account.codes(VPC_ENDPOINT, "second", **inputs)


def test_misspelled_service_is_rejected(account: Account, vpc: CloudResource) -> None:
    inputs = {"vpcId": vpc.id, "vpcEndpointType": "Interface"}
    (rejection,) = account.rejections(VPC_ENDPOINT, serviceName="com.amazonaws.eu-west-1.secretsmanger", **inputs)
    assert (rejection.path, rejection.code) == ("serviceName", "InvalidServiceName")
    assert "com.amazonaws.eu-west-1.secretsmanager" in rejection.message
    assert not account.codes(VPC_ENDPOINT, serviceName="com.amazonaws.eu-west-1.ecr.api", **inputs)
