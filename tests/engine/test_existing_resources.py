"""Programs that read resources which they did not create."""

from __future__ import annotations

import json

import pulumi
import pytest

from tests.engine.sandbox_stack import CreateStack
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.seeding import seed

pytestmark = pytest.mark.engine


def test_resource_is_read_by_its_id(create_stack: CreateStack) -> None:
    owner = create_stack(stack="owner", project="owner")

    def create() -> None:
        import pulumi_aws as aws

        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        pulumi.export("vpc", vpc.id)

    made = owner.up(create)
    assert not made.error, made.error
    reader = create_stack(stack="reader", account=owner.account)

    def read() -> None:
        import pulumi_aws as aws

        vpc = aws.ec2.Vpc.get("existing", made.outputs["vpc"])
        pulumi.export("id", vpc.id)
        pulumi.export("block", vpc.cidr_block)
        aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.1.0/24")

    assert not reader.preview(read).error
    done = reader.up(read)
    assert not done.error, done.error
    assert done.outputs == {"id": made.outputs["vpc"], "block": "10.0.0.0/16"}


def test_policy_document_with_an_unknown_resource_passes_a_preview(create_stack: CreateStack) -> None:
    stack = create_stack()

    def program() -> None:
        import pulumi_aws as aws

        topic = aws.sns.Topic("topic")
        document = aws.iam.get_policy_document(
            statements=[{"effect": "Allow", "actions": ["sns:Publish"], "resources": [topic.arn]}]  # pyright: ignore[reportArgumentType]
        )
        aws.iam.Policy("policy", policy=document.json)
        pulumi.export("json", document.json)

    previewed = stack.preview(program)
    assert not previewed.error, previewed.error
    done = stack.up(program)
    assert not done.error, done.error
    (statement,) = json.loads(done.outputs["json"])["Statement"]
    assert statement["Resource"].startswith("arn:aws:sns:")
    assert stack.preview(program).empty


def test_program_in_the_default_vpc_deploys(create_stack: CreateStack) -> None:
    stack = create_stack()

    def program() -> None:
        import pulumi_aws as aws

        vpc = aws.ec2.get_vpc(default=True)
        subnets = aws.ec2.get_subnets(filters=[{"name": "vpc-id", "values": [vpc.id]}])
        image = aws.ec2.get_ami(
            most_recent=True, owners=["amazon"], filters=[{"name": "name", "values": ["al2023-ami-*-arm64"]}]
        )
        group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id)
        aws.ec2.Instance(
            "server",
            ami=image.id,
            instance_type="t4g.micro",
            subnet_id=subnets.ids[0],
            vpc_security_group_ids=[group.id],
        )
        zone = aws.ec2.get_subnet_output(id=subnets.ids[0]).availability_zone
        pulumi.export("zone", zone)

    done = stack.up(program)
    assert not done.error, done.error
    assert done.outputs["zone"].startswith("eu-west-1")
    assert stack.preview(program).empty
    assert not stack.destroy(program).error


def test_seeded_resource_is_referred_to_by_its_id(create_stack: CreateStack) -> None:
    stack = create_stack()

    def program() -> None:
        import pulumi_aws as aws

        aws.ec2.Subnet("subnet", vpc_id="vpc-0abcde5eed0000001", cidr_block="10.0.1.0/24")

    assert "vpc-0abcde5eed0000001" in stack.up(program).error
    cloud = Cloud(cloud_path(stack.home))
    inputs = {"cidrBlock": "10.0.0.0/16"}
    seed(cloud, "aws:ec2/vpc:Vpc", "vpc-0abcde5eed0000001", inputs, account=stack.account)
    cloud.close()
    done = stack.up(program)
    assert not done.error, done.error


def test_raised_quota_lets_a_program_exceed_the_default(create_stack: CreateStack) -> None:
    stack = create_stack()

    def program() -> None:
        import pulumi_aws as aws

        for number in range(6):
            aws.ec2.Vpc(f"vpc-{number}", cidr_block=f"10.{number}.0.0/16")

    assert "the quota of 5 VPCs per Region is exhausted" in stack.up(program).error
    cloud = Cloud(cloud_path(stack.home))
    cloud.set_quota("aws:ec2/vpc:Vpc", "VPCs per Region", 6)
    try:
        assert not stack.up(program).error
    finally:
        cloud.set_quota("aws:ec2/vpc:Vpc", "VPCs per Region", None)
        cloud.close()
    assert not stack.destroy(program).error


def test_legacy_modules_and_deprecated_types_deploy(create_stack: CreateStack) -> None:
    stack = create_stack()

    def program() -> None:
        import pulumi_aws as aws

        bucket = aws.s3.BucketV2("bucket")
        aws.s3.BucketVersioningV2("versioning", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
        subnets = [
            aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24", availability_zone=f"eu-west-1{zone}").id
            for n, zone in enumerate("ab")
        ]
        balancer = aws.alb.LoadBalancer("balancer", subnets=subnets, opts=pulumi.ResourceOptions(depends_on=[gateway]))
        targets = aws.alb.TargetGroup("targets", port=80, protocol="HTTP", vpc_id=vpc.id)
        aws.alb.Listener(
            "listener",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
        )
        pulumi.export("arn", balancer.arn)

    done = stack.up(program)
    assert not done.error, done.error
    assert done.outputs["arn"].startswith("arn:aws:elasticloadbalancing:")
    assert stack.preview(program).empty
    assert {resource.type.split("/")[0] for resource in stack.resources()} == {"aws:s3", "aws:ec2", "aws:lb"}
    assert not stack.destroy(program).error


def test_policy_given_as_an_object_deploys(create_stack: CreateStack) -> None:
    stack = create_stack()

    def program() -> None:
        import pulumi_aws as aws

        topic = aws.sns.Topic("topic")
        aws.iam.Policy(
            "policy",
            policy=aws.iam.PolicyDocumentArgs(
                version=aws.iam.PolicyDocumentVersion.POLICY_DOCUMENT_VERSION_2012_10_17,
                statement=[
                    aws.iam.PolicyStatementArgs(
                        effect=aws.iam.PolicyStatementEffect.ALLOW, action="sns:Publish", resource=topic.arn
                    )
                ],
            ),
        )

    done = stack.up(program)
    assert not done.error, done.error
    assert stack.preview(program).empty
