"""A small stack on the real engine: preview, up, refresh, drift, change and destroy."""

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
    """Return a program with a VPC, one or two subnets and a secret."""

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


def test_stack_is_created_repaired_after_drift_extended_and_destroyed(create_stack: CreateStack) -> None:
    stack = create_stack()
    preview = stack.preview(small())
    assert preview.changes == {"create": 5}
    assert stack.resources() == [], "a preview creates nothing"

    created = stack.up(small())
    assert not created.error
    assert created.outputs["vpc"].startswith("vpc-")
    secret = created.outputs["secret"]
    assert len(secret) == 20
    assert secret not in json.dumps(stack.export())
    assert stack.preview(small()).empty
    assert stack.refresh(small()).empty
    assert stack.preview(small()).empty, "a refresh without drift causes no change"

    cause_drift(stack)
    assert stack.preview(small()).empty, "without a refresh the engine trusts its state"
    assert stack.refresh(small()).changes == {"delete": 1, "update": 1, "same": 3}
    repaired = stack.up(small())
    assert repaired.changes == {"create": 1, "update": 1, "same": 3}
    assert repaired.outputs["secret"] == secret, "the second run keeps the random password"
    (network,) = [r for r in stack.resources() if r.name == "network"]
    assert network.inputs["tags"] == {"Stack": "dev"}

    extended = stack.up(small(second=True))
    assert extended.changes == {"create": 1, "same": 5}
    assert len(stack.resources()) == 5

    replaced = stack.preview(small("10.1.0.0/16", second=True))
    assert replaced.changes["replace"] == 3, "another CIDR replaces the VPC and both subnets"

    assert not stack.destroy(small()).error
    assert stack.resources() == []


def cause_drift(stack: SandboxStack) -> None:
    """Change the VPC's tags and delete its subnet in the sandbox, without the engine."""
    cloud = Cloud(cloud_path(stack.home))
    named = {resource.name: resource for resource in stack.resources()}
    with cloud.alone():
        network, changed = named["network"], {"tags": {"Stack": "changed in the console"}}
        cloud.change(replace(network, inputs={**network.inputs, **changed}, outputs={**network.outputs, **changed}))
        cloud.remove(named["one"])
    cloud.close()


def test_destroy_of_one_stack_leaves_another_stack_of_the_account(create_stack: CreateStack) -> None:
    first, second = create_stack(stack="dev"), create_stack(stack="prod")
    second.account = first.account
    first.up(small())
    assert not second.up(small()).error
    first.destroy(small())
    assert len(second.resources()) == 4
