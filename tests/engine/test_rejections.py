"""Invalid programs on the real engine: each error names the resource, the property and the rule.

Resources that the cloud rejects at creation share one stack and one `up --continue-on-error`. Resources that the
provider rejects at preview refer to no real resource, and each has its own preview.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.engine.sandbox_stack import SandboxStack
from tierup.sandbox import SandboxProcess

pytestmark = pytest.mark.engine


@dataclass(frozen=True, slots=True)
class InvalidResource:
    """One invalid resource, and the property and the text that its error must contain."""

    type: str
    inputs: Callable[[Base], Mapping[str, Any]]
    property: str
    text: str
    at_preview: bool = True  # if False, the cloud rejects it at creation


@dataclass(frozen=True, slots=True)
class Base:
    """The existing resources that invalid resources refer to."""

    vpc: pulumi.Input[str]
    other_vpc: pulumi.Input[str]
    subnets: list[pulumi.Input[str]]
    one_zone: list[pulumi.Input[str]]
    group: pulumi.Input[str]
    other_group: pulumi.Input[str]
    load_balancer: pulumi.Input[str]
    target_group: pulumi.Input[str]
    cluster: pulumi.Input[str]
    role: pulumi.Input[str]
    zone: pulumi.Input[str]
    atlas_project: pulumi.Input[str]
    pending_certificate: pulumi.Input[str]


class Untyped(pulumi.CustomResource):
    """A resource with inputs that the SDK does not check."""

    arn: pulumi.Output[str]

    def __init__(self, type: str, name: str, inputs: Mapping[str, Any]) -> None:
        super().__init__(type, name, {**inputs, "arn": None} if "arn" not in inputs else dict(inputs))


MADE_UP = Base(
    vpc="vpc-1", other_vpc="vpc-2", subnets=["subnet-1", "subnet-2"], one_zone=["subnet-1", "subnet-3"], group="sg-1",
    other_group="sg-2", load_balancer="arn:lb", target_group="arn:tg", cluster="arn:cluster",
    role="arn:aws:iam::123456789012:role/x", zone="Z1", atlas_project="0123456789abcdef01234567",
    pending_certificate="arn:certificate",
)  # fmt: skip
"""Ids of resources that do not exist, for resources that never reach the cloud."""

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def base() -> Base:
    """Create the existing resources."""
    import pulumi_aws as aws
    import pulumi_mongodbatlas as atlas

    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    other = aws.ec2.Vpc("other-vpc", cidr_block="10.9.0.0/16")
    aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)

    def subnet(name: str, number: int, zone: str) -> pulumi.Output[str]:
        return aws.ec2.Subnet(
            name, vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24", availability_zone=f"eu-west-1{zone}"
        ).id

    a, b, a2 = subnet("a", 1, "a"), subnet("b", 2, "b"), subnet("a2", 3, "a")
    group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id, description="in the VPC")
    other_group = aws.ec2.SecurityGroup("other-group", vpc_id=other.id, description="in the other VPC")
    balancer = aws.lb.LoadBalancer(
        "balancer", load_balancer_type="application", subnets=[a, b], security_groups=[group.id]
    )
    targets = aws.lb.TargetGroup("targets", port=5000, protocol="HTTP", target_type="ip", vpc_id=vpc.id)
    cluster = aws.ecs.Cluster("cluster")
    role = aws.iam.Role("role", assume_role_policy=TRUST)
    for number in range(5):
        aws.ec2.Eip(f"address-{number}", domain="vpc")
    return Base(
        vpc=vpc.id,
        other_vpc=other.id,
        subnets=[a, b],
        one_zone=[a, a2],
        group=group.id,
        other_group=other_group.id,
        load_balancer=balancer.arn,
        target_group=targets.arn,
        cluster=cluster.arn,
        role=role.arn,
        zone=pulumi.Output.from_input(aws.route53.get_zone(name="example.com").zone_id),
        atlas_project=atlas.Project("project", org_id="0123456789abcdef01234567").id,
        pending_certificate=aws.acm.Certificate(
            "certificate", domain_name="api.example.com", validation_method="DNS"
        ).arn,
    )


def container(**more: Any) -> str:
    return json.dumps([{"name": "api", "image": "node:22", "essential": True, **more}])


def task(base: Base, **more: Any) -> Mapping[str, Any]:
    return {
        "family": "api",
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": base.role,
        "containerDefinitions": container(),
        **more,
    }


def cluster(base: Base, **more: Any) -> Mapping[str, Any]:
    return {
        "projectId": base.atlas_project,
        "clusterType": "REPLICASET",
        "replicationSpecs": [
            {
                "regionConfigs": [
                    {
                        "providerName": "AWS",
                        "regionName": "EU_WEST_1",
                        "priority": 7,
                        "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                    }
                ]
            }
        ],
        **more,
    }


def listener(base: Base, **more: Any) -> Mapping[str, Any]:
    return {
        "loadBalancerArn": base.load_balancer,
        "port": 443,
        "protocol": "HTTPS",
        "defaultActions": [{"type": "forward", "targetGroupArn": base.target_group}],
        **more,
    }


VPC, SUBNET, LB = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:lb/loadBalancer:LoadBalancer"
TARGETS, LISTENER = "aws:lb/targetGroup:TargetGroup", "aws:lb/listener:Listener"
TASK, CACHE = "aws:ecs/taskDefinition:TaskDefinition", "aws:elasticache/replicationGroup:ReplicationGroup"
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"

INVALID: Mapping[str, InvalidResource] = {  # by logical name, which is short enough for automatic names
    "an-unknown-input": InvalidResource(VPC, lambda _: {"cidr": "10.1.0.0/16"}, "cidr", "there is no input 'cidr'"),
    "an-unknown-nested-input": InvalidResource(
        LB,
        lambda b: {"subnets": b.subnets, "accessLogs": {"buckit": "x", "bucket": "y"}},
        "accessLogs.buckit",
        "Did you mean 'bucket'",
    ),
    "a-missing-input": InvalidResource(SUBNET, lambda _: {"cidrBlock": "10.0.9.0/24"}, "vpcId", "required and missing"),
    "a-wrong-type": InvalidResource(LB, lambda _: {"subnets": "subnet-1"}, "subnets", "Expected a list"),
    "a-bad-enum": InvalidResource(
        TARGETS,
        lambda b: {"targetType": "pod", "port": 80, "protocol": "HTTP", "vpcId": b.vpc},
        "targetType",
        "instance, ip, lambda, alb",
    ),
    "a-40-character-target-group-name": InvalidResource(
        TARGETS,
        lambda b: {"name": "t" * 40, "targetType": "ip", "port": 80, "protocol": "HTTP", "vpcId": b.vpc},
        "name",
        "has 40 characters",
    ),
    "a-subnet-outside-its-vpc": InvalidResource(
        SUBNET,
        lambda b: {"vpcId": b.vpc, "cidrBlock": "10.8.0.0/24"},
        "cidrBlock",
        "InvalidSubnet.Range",
        at_preview=False,
    ),
    "an-overlapping-subnet": InvalidResource(
        SUBNET,
        lambda b: {"vpcId": b.vpc, "cidrBlock": "10.0.1.128/25"},
        "cidrBlock",
        "InvalidSubnet.Conflict",
        at_preview=False,
    ),
    "a-vpc-that-does-not-exist": InvalidResource(
        SUBNET,
        lambda _: {"vpcId": "vpc-00000000000000bad", "cidrBlock": "10.0.9.0/24"},
        "vpcId",
        "does not exist",
        at_preview=False,
    ),
    "a-zone-of-another-region": InvalidResource(
        SUBNET,
        lambda b: {"vpcId": b.vpc, "cidrBlock": "10.0.9.0/24", "availabilityZone": "us-east-1a"},
        "availabilityZone",
        "eu-west-1",
        at_preview=True,
    ),
    "a-listener-without-a-certificate": InvalidResource(
        LISTENER, lambda b: listener(b), "certificateArn", "certificate"
    ),
    "a-certificate-not-yet-issued": InvalidResource(
        LISTENER,
        lambda b: listener(b, certificateArn=b.pending_certificate),
        "certificateArn",
        "UnsupportedCertificate",
        at_preview=False,
    ),
    "foreign-security-group": InvalidResource(
        LB,
        lambda b: {"subnets": b.subnets, "securityGroups": [b.other_group]},
        "securityGroups",
        "vpc",
        at_preview=False,
    ),
    "one-zone-load-balancer": InvalidResource(
        LB, lambda b: {"subnets": b.one_zone, "securityGroups": [b.group]}, "subnets", "zone", at_preview=False
    ),
    "a-sixth-elastic-ip": InvalidResource(
        "aws:ec2/eip:Eip", lambda _: {"domain": "vpc"}, "", "AddressLimitExceeded", at_preview=False
    ),
    "an-unsupported-fargate-size": InvalidResource(TASK, lambda b: task(b, cpu="256", memory="4096"), "memory", "512"),
    "container-definitions-that-are-not-json": InvalidResource(
        TASK, lambda b: task(b, containerDefinitions="[{"), "containerDefinitions", "JSON"
    ),
    "a-service-with-a-target-group-without-a-load-balancer": InvalidResource(
        "aws:ecs/service:Service",
        lambda b: {
            "cluster": b.cluster,
            "taskDefinition": "api:1",
            "launchType": "FARGATE",
            "networkConfiguration": {"subnets": b.subnets, "securityGroups": [b.group]},
            "loadBalancers": [{"targetGroupArn": b.target_group, "containerName": "api", "containerPort": 5000}],
        },
        "loadBalancers",
        "load balancer",
        at_preview=False,
    ),
    "multi-az-without-failover": InvalidResource(
        CACHE,
        lambda _: {"description": "x", "nodeType": "cache.t4g.small", "multiAzEnabled": True, "numCacheClusters": 2},
        "multiAzEnabled",
        "automaticFailoverEnabled",
    ),
    "an-auth-token-without-tls": InvalidResource(
        CACHE,
        lambda _: {"description": "x", "nodeType": "cache.t4g.small", "authToken": "a" * 32},
        "authToken",
        "transitEncryptionEnabled",
    ),
    "an-unsupported-log-retention": InvalidResource(
        "aws:cloudwatch/logGroup:LogGroup", lambda _: {"retentionInDays": 31}, "retentionInDays", "30, 60"
    ),
    "an-upper-case-bucket": InvalidResource(
        "aws:s3/bucket:Bucket", lambda _: {"bucket": "MyBucket"}, "bucket", "lower"
    ),
    "a-cname-at-the-zone-apex": InvalidResource(
        "aws:route53/record:Record",
        lambda b: {"zoneId": b.zone, "name": "example.com", "type": "CNAME", "ttl": 60, "records": ["a.example.org"]},
        "type",
        "apex",
        at_preview=False,
    ),
    "a-cloudfront-web-acl-outside-us-east-1": InvalidResource(
        "aws:wafv2/webAcl:WebAcl",
        lambda _: {
            "scope": "CLOUDFRONT",
            "defaultAction": {"allow": {}},
            "visibilityConfig": {
                "cloudwatchMetricsEnabled": True,
                "metricName": "x",
                "sampledRequestsEnabled": True,
            },
        },
        "scope",
        "us-east-1",
    ),
    "a-kms-deletion-window-that-is-too-short": InvalidResource(
        "aws:kms/key:Key", lambda _: {"deletionWindowInDays": 5}, "deletionWindowInDays", "7 to 30"
    ),
    "sharding-on-an-m10": InvalidResource(
        CLUSTER, lambda b: cluster(b, clusterType="SHARDED"), "replicationSpecs", "M30"
    ),
    "an-atlas-region-with-its-aws-name": InvalidResource(
        CLUSTER,
        lambda b: cluster(
            b,
            replicationSpecs=[
                {
                    "regionConfigs": [
                        {
                            "providerName": "AWS",
                            "regionName": "eu-west-1",
                            "priority": 7,
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
                    ]
                }
            ],
        ),
        "regionName",
        "EU_WEST_1",
    ),
    "an-access-list-entry-with-two-kinds-of-address": InvalidResource(
        "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
        lambda b: {"projectId": b.atlas_project, "cidrBlock": "10.0.0.0/16", "ipAddress": "192.0.2.1"},
        "cidrBlock",
        "exactly one of",
    ),
}


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox: SandboxProcess,
    sandbox_home: Path,
    engine_environment: Mapping[str, str],
) -> SandboxStack:
    """Deploy the existing resources."""
    stack = SandboxStack(
        folder=tmp_path_factory.mktemp("rejections"),
        sandbox=sandbox,
        home=sandbox_home,
        environment=engine_environment,
        project="rejections",
    )
    outcome = stack.up(lambda: base() and None)
    assert not outcome.error, outcome.error
    return stack


@pytest.fixture(scope="module")
def creation_errors(stack: SandboxStack) -> str:
    """Return the output of an `up` with all resources that the cloud rejects at creation."""

    def program() -> None:
        resources = base()
        for name, invalid in INVALID.items():
            if not invalid.at_preview:
                Untyped(invalid.type, name, invalid.inputs(resources))

    before = {r.name for r in stack.resources()}
    message = stack.up(program, continue_on_error=True).error
    assert {r.name for r in stack.resources()} == before, "an invalid resource was created"
    return message


@pytest.fixture(scope="module")
def empty_stack(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox: SandboxProcess,
    sandbox_home: Path,
    engine_environment: Mapping[str, str],
) -> SandboxStack:
    """Return a stack without resources."""
    return SandboxStack(
        folder=tmp_path_factory.mktemp("trial"), sandbox=sandbox, home=sandbox_home, environment=engine_environment
    )


def test_invalid_resources_are_rejected_at_preview_and_at_creation() -> None:
    assert sum(invalid.at_preview for invalid in INVALID.values()) >= 15
    assert sum(not invalid.at_preview for invalid in INVALID.values()) >= 8


@pytest.mark.parametrize("name", [name for name, invalid in INVALID.items() if not invalid.at_preview])
def test_error_at_creation_names_resource_property_and_rule(name: str, creation_errors: str) -> None:
    assert_error(name, creation_errors)


@pytest.mark.parametrize("name", [name for name, invalid in INVALID.items() if invalid.at_preview])
def test_error_at_preview_names_resource_property_and_rule(name: str, empty_stack: SandboxStack) -> None:
    invalid = INVALID[name]
    assert_error(name, empty_stack.preview(lambda: Untyped(invalid.type, name, invalid.inputs(MADE_UP)) and None).error)


def assert_error(name: str, message: str) -> None:
    line = next((line for line in message.splitlines() if "error:" in line and f"'{name}'" in line), None)
    assert line is not None, message
    assert INVALID[name].property in line
    assert INVALID[name].text in line


def test_vpc_with_a_subnet_of_another_stack_cannot_be_deleted(stack: SandboxStack) -> None:
    """Within one stack, the engine deletes the subnet first."""
    import pulumi_aws as aws

    vpc = next(r for r in stack.resources() if r.name == "vpc")
    guest = SandboxStack(
        folder=stack.folder / "guest",
        sandbox=stack.sandbox,
        home=stack.home,
        environment=stack.environment,
        project="guest",
        account=stack.account,
    )
    assert not guest.up(lambda: aws.ec2.Subnet("guest", vpc_id=vpc.id, cidr_block="10.0.77.0/24") and None).error
    message = stack.destroy(lambda: None).error
    assert "DependencyViolation" in message
    assert "Subnet 'guest'" in message
    assert not guest.destroy(lambda: None).error
    assert not stack.destroy(lambda: None).error
    assert stack.resources() == []
