"""Programs that read resources which they did not create (outside cases R8, R10, R11, R13)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pulumi
import pytest

from tests.engine.rehearsal import Rehearsal

pytestmark = pytest.mark.engine


def test_resource_is_read_by_its_id(rehearse: Callable[..., Rehearsal]) -> None:
    owner = rehearse(stack="owner", project="owner")

    def create() -> None:
        import pulumi_aws as aws

        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        pulumi.export("vpc", vpc.id)

    made = owner.up(create)
    assert not made.error, made.error
    reader = rehearse(stack="reader", account=owner.account)

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


def test_policy_document_with_an_unknown_resource_passes_a_preview(rehearse: Callable[..., Rehearsal]) -> None:
    stack = rehearse()

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
