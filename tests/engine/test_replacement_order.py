"""The order of a replacement: create first, unless the user chose the name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from tests.engine.sandbox_stack import CreateStack, SandboxStack

pytestmark = pytest.mark.engine

TARGETS, GROUP = "aws:lb/targetGroup:TargetGroup", "aws:ec2/securityGroup:SecurityGroup"


def listener(*, port: int, description: str, **target_group: Any) -> Callable[[], None]:
    """Return a program with a listener on a load balancer, whose target group and security group are in use."""

    def program() -> None:
        import pulumi_aws as aws

        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
        subnets = [
            aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24", availability_zone=f"eu-west-1{zone}").id
            for n, zone in enumerate("ab")
        ]
        group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id, description=description)
        balancer = aws.lb.LoadBalancer(
            "balancer",
            load_balancer_type="application",
            subnets=subnets,
            security_groups=[group.id],
            opts=pulumi.ResourceOptions(depends_on=[gateway]),
        )
        targets = aws.lb.TargetGroup("targets", port=port, protocol="HTTP", vpc_id=vpc.id, **target_group)
        aws.lb.Listener(
            "listener",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
        )

    return program


def physical_names(stack: SandboxStack, type: str) -> set[str]:
    return {str(resource.outputs["name"]) for resource in stack.resources() if resource.type == type}


def test_replacement_of_autonamed_resources_in_use_creates_first(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(listener(port=80, description="one")).error
    before = physical_names(stack, TARGETS), physical_names(stack, GROUP)
    changed = listener(port=8081, description="two")
    done = stack.up(changed)
    assert not done.error, done.error
    assert done.changes["replace"] == 2
    after = physical_names(stack, TARGETS), physical_names(stack, GROUP)
    assert [len(names) for names in after] == [1, 1]
    assert not before[0] & after[0], "the replacement must have a new automatic name"
    assert not before[1] & after[1], "the replacement must have a new automatic name"
    assert stack.preview(changed).empty
    assert stack.refresh(changed).empty
    assert stack.preview(changed).empty, "the refresh must keep that the name is automatic"


def test_replacement_of_a_resource_with_a_chosen_name_deletes_first(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(listener(port=80, description="one", name="chosen")).error
    failed = stack.up(listener(port=8081, description="one", name="chosen"))
    assert "ResourceInUse" in failed.error
    assert physical_names(stack, TARGETS) == {"chosen"}


def test_removed_name_is_replaced_by_an_automatic_one(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(listener(port=80, description="one", name="chosen")).error
    done = stack.up(listener(port=80, description="one"))
    assert not done.error, done.error
    (name,) = physical_names(stack, TARGETS)
    assert name.startswith("targets-")
