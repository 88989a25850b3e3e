"""Resources that exist before any stack."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.cloud import Cloud
from tierup.sandbox.seeding import seed

from .provider_calls import Engine


@pytest.mark.parametrize(
    ("type", "id", "inputs", "output", "value"),
    [
        ("aws:ec2/vpc:Vpc", "vpc-1", {"cidrBlock": "10.0.0.0/16"}, "cidrBlock", "10.0.0.0/16"),
        ("aws:s3/bucketV2:BucketV2", "logs", {}, "arn", "arn:aws:s3:::logs"),
        ("aws:iam/role:Role", "deployer", {}, "arn", "arn:aws:iam::123456789012:role/deployer"),
        ("aws:sns/topic:Topic", "arn:aws:sns:us-east-1:210987654321:bell", {}, "name", "bell"),
        ("aws:eks/cluster:Cluster", "main", {}, "arn", "arn:aws:eks:eu-west-1:123456789012:cluster/main"),
        ("cloudflare:index/zone:Zone", "0" * 32, {"name": "example.org"}, "status", "active"),
    ],
)
def test_seeded_resource_has_its_outputs(type: str, id: str, inputs: dict[str, Any], output: str, value: str) -> None:
    cloud = Cloud()
    added = seed(cloud, type, id, inputs)
    assert cloud.all() == [added]
    assert added.id == id
    assert added.urn == ""
    assert added.outputs[output] == value


def test_arn_sets_region_and_account() -> None:
    added = seed(Cloud(), "aws:sns/topic:Topic", "arn:aws:sns:us-east-1:210987654321:bell", {})
    assert (added.region, added.account) == ("us-east-1", "210987654321")


def test_global_service_has_no_region() -> None:
    assert seed(Cloud(), "aws:iam/role:Role", "deployer", {}, region="us-east-1").region == ""


@pytest.mark.parametrize(
    ("type", "inputs", "message"),
    [
        ("aws:ec2/vpk:Vpk", {}, "TYPE: .*has no resource type"),
        ("aws:ec2/vpc:Vpc", {"cidr": "10.0.0.0/16"}, "--input cidr: there is no input"),
        ("aws:ec2/vpc:Vpc", {"enableDnsSupport": "perhaps"}, "--input enableDnsSupport: the type is wrong"),
    ],
)
def test_invalid_seed_is_rejected(type: str, inputs: dict[str, Any], message: str) -> None:
    cloud = Cloud()
    with pytest.raises(ValueError, match=message):
        seed(cloud, type, "it", inputs)
    assert cloud.all() == []


def test_second_seed_of_an_id_is_rejected() -> None:
    cloud = Cloud()
    seed(cloud, "aws:ec2/vpc:Vpc", "vpc-1", {})
    with pytest.raises(ValueError, match="already exists"):
        seed(cloud, "aws:ec2/vpc:Vpc", "vpc-1", {})


@pytest.mark.parametrize(
    ("type", "inputs"),
    [
        ("aws:ec2/natGateway:NatGateway", {"subnetId": "subnet-0123456789abcdef0", "allocationId": "eipalloc-1"}),
        (
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            {"vpcId": "vpc-0123456789abcdef0", "serviceName": "com.amazonaws.eu-west-1.ecr.api",
             "vpcEndpointType": "Interface", "subnetIds": ["subnet-0123456789abcdef0"]},
        ),
        ("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
         {"vpcId": "vpc-0123456789abcdef0", "routeTableId": "rtb-1"}),
    ],
)  # fmt: skip
def test_unknown_properties_of_a_seeded_resource_reject_nothing(type: str, inputs: dict[str, Any]) -> None:
    engine = Engine()
    for token, id in (
        ("aws:ec2/vpc:Vpc", "vpc-0123456789abcdef0"),
        ("aws:ec2/subnet:Subnet", "subnet-0123456789abcdef0"),
        ("aws:ec2/routeTable:RouteTable", "rtb-1"),
        ("aws:ec2/eip:Eip", "eipalloc-1"),
    ):
        seed(engine.cloud, token, id, {})
    assert engine.create(type, inputs).id
