"""References between types without a row of their own, and deletes that they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.aws.service_references import LINKS, Link, token
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import schema, sdk
from tierup.sandbox.wire import struct

from ..provider_calls import Engine, urn


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{link.to.partition(' ')[0]}-{link.path}")
def test_link_names_types_and_inputs_of_the_sdk(link: Link) -> None:
    references = list(link.references())
    assert {type for type, _ in references} <= set(sdk("aws").tokens)
    assert {path.partition(".")[0].partition("[")[0] for path in (link.path,)} <= set.intersection(
        *(set(schema(type).inputs) for type, _ in references)
    )
    targets = [token(kind) for kind in link.to.split()]
    assert all(link.by == "id" or link.by in {**schema(to).inputs, **schema(to).outputs} for to in targets)


def test_no_row_has_a_reference_of_its_own_in_place_of_a_link() -> None:
    rows = registry()
    for type, reference in (found for link in LINKS for found in link.references()):
        assert reference in getattr(rows.rules(type), "references", ()), f"{type}: {reference.path}"


@pytest.mark.parametrize(
    ("type", "inputs", "says"),
    [
        ("aws:apigateway/deployment:Deployment", {"restApi": "none"}, "NotFoundException"),
        ("aws:autoscaling/policy:Policy", {"autoscalingGroupName": "none", "scalingAdjustment": 1}, "ValidationError"),
        ("aws:cloudfront/keyGroup:KeyGroup", {"items": ["none"]}, "InvalidArgument"),
        (
            "aws:cognito/userPoolClient:UserPoolClient",
            {"userPoolId": "eu-west-1_none"},
            "ResourceNotFoundException",
        ),
        ("aws:efs/accessPoint:AccessPoint", {"fileSystemId": "fs-none"}, "FileSystemNotFound"),
        ("aws:iam/accessKey:AccessKey", {"user": "none"}, "NoSuchEntity"),
        (
            "aws:lambda/eventSourceMapping:EventSourceMapping",
            {"functionName": "none"},
            "ResourceNotFoundException",
        ),
        ("aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration", {"bucket": "none"}, "NoSuchBucket"),
    ],
)
def test_missing_target_is_rejected(engine: Engine, type: str, inputs: Mapping[str, Any], says: str) -> None:
    with pytest.raises(RuntimeError, match=says):
        engine.create(type, inputs)


def test_target_of_another_account_is_not_looked_up(engine: Engine) -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:210987654321:loadbalancer/net/a/0123456789abcdef"
    assert engine.create("aws:apigateway/vpcLink:VpcLink", {"name": "a", "targetArn": arn}).id


def test_file_system_with_a_mount_target_is_not_deleted(engine: Engine) -> None:
    vpc = engine.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    subnet = engine.create("aws:ec2/subnet:Subnet", {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
    files = engine.create("aws:efs/fileSystem:FileSystem", {})
    target = engine.create("aws:efs/mountTarget:MountTarget", {"fileSystemId": files.id, "subnetId": subnet.id})

    def delete(type: str, id: str) -> None:
        request = provider_pb2.DeleteRequest(id=id, urn=urn(type, "it"), properties=struct({}))
        engine.provider.Delete(request, engine.context)

    with pytest.raises(RuntimeError, match="FileSystemInUse"):
        delete("aws:efs/fileSystem:FileSystem", files.id)
    delete("aws:efs/mountTarget:MountTarget", target.id)
    delete("aws:efs/fileSystem:FileSystem", files.id)
    assert engine.cloud.get("aws:efs/fileSystem:FileSystem", files.id) is None
