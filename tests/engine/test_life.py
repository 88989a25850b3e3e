"""The life of a stack on the real engine: made, seen again, changed, drifted, lost, taken down."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest

from tests.engine.sandbox_stack import CreateStack, SandboxStack
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud

pytestmark = pytest.mark.engine


def small(cidr: str = "10.0.0.0/16", second: bool = False) -> Callable[[], None]:
    def program() -> None:
        vpc = aws.ec2.Vpc("network", cidr_block=cidr, tags={"Stack": "dev"})
        aws.ec2.Subnet("one", vpc_id=vpc.id, cidr_block=cidr.replace("0.0/16", "1.0/24"))
        if second:
            aws.ec2.Subnet("two", vpc_id=vpc.id, cidr_block=cidr.replace("0.0/16", "2.0/24"))
        password = aws.secretsmanager.get_random_password_output(password_length=20).random_password
        secret = aws.secretsmanager.Secret("secret", recovery_window_in_days=0)
        version = aws.secretsmanager.SecretVersion(
            "version",
            secret_id=secret.id,
            secret_string=pulumi.Output.secret(password),
            opts=pulumi.ResourceOptions(ignore_changes=["secretString"]),
        )
        pulumi.export("vpc", vpc.id)
        pulumi.export("secret", version.secret_string)

    return program


def test_a_stack_is_made_kept_mended_changed_and_taken_down(create_stack: CreateStack) -> None:
    stack = create_stack()
    planned = stack.preview(small())
    assert planned.changes == {"create": 5}
    assert stack.resources() == [], "a preview makes nothing"

    made = stack.up(small())
    assert not made.error
    assert made.outputs["vpc"].startswith("vpc-")
    secret = made.outputs["secret"]
    assert len(secret) == 20
    assert secret not in json.dumps(stack.export())
    assert stack.preview(small()).empty
    assert stack.refresh(small()).empty
    assert stack.preview(small()).empty, "a refresh brings no difference in"

    change_by_hand(stack)
    assert stack.preview(small()).empty, "without a refresh the engine trusts its state"
    assert stack.refresh(small()).changes == {"delete": 1, "update": 1, "same": 3}
    mended = stack.up(small())
    assert mended.changes == {"create": 1, "update": 1, "same": 3}
    assert mended.outputs["secret"] == secret, "a second run draws no second password"
    (network,) = [r for r in stack.resources() if r.name == "network"]
    assert network.inputs["tags"] == {"Stack": "dev"}

    grown = stack.up(small(second=True))
    assert grown.changes == {"create": 1, "same": 5}
    assert len(stack.resources()) == 5

    moved = stack.preview(small("10.1.0.0/16", second=True))
    assert moved.changes["replace"] == 3, "another CIDR is another network, with its subnets"

    assert not stack.destroy(small()).error
    assert stack.resources() == []


def change_by_hand(stack: SandboxStack) -> None:
    """Behind the engine's back: the network's tags change, its subnet goes."""
    cloud = Cloud(cloud_path(stack.home))
    named = {resource.name: resource for resource in stack.resources()}
    with cloud.alone():
        network, changed = named["network"], {"tags": {"Stack": "changed by hand"}}
        cloud.change(replace(network, inputs={**network.inputs, **changed}, outputs={**network.outputs, **changed}))
        cloud.remove(named["one"])
    cloud.close()


def test_two_stacks_stand_side_by_side(create_stack: CreateStack) -> None:
    first, second = create_stack(stack="dev"), create_stack(stack="prod")
    second.account = first.account
    first.up(small())
    assert not second.up(small()).error
    first.destroy(small())
    assert len(second.resources()) == 4
