"""Tests of the rule on the tags of AWS resources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.aws.network import VPC

from .account import Account

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
        ],
    }
)
TOPIC = "aws:sns/topic:Topic"


@pytest.mark.parametrize(
    ("tags", "codes"),
    [
        ({"k" * 128: "v" * 256}, set()),
        ({"k" * 129: "v"}, {"InvalidTag"}),
        ({"k": "v" * 257}, {"InvalidTag"}),
        ({"": "v"}, {"InvalidTag"}),
        ({"aws:owner": "me"}, {"InvalidTag"}),
        ({"AWS:owner": "me"}, {"InvalidTag"}),
        ({"owner": "a;b"}, {"InvalidTag"}),
        ({"owner": "Grüße an b@example.com"}, set()),
        ({str(number): "" for number in range(50)}, set()),
        ({str(number): "" for number in range(51)}, {"TooManyTags"}),
    ],
)
def test_tags_are_validated(tags: dict[str, Any], codes: set[str]) -> None:
    assert Account().codes(TOPIC, tags=tags) == codes


def test_case_of_tag_keys_is_kept() -> None:
    topic = Account().make(TOPIC, tags={"Name": "a", "name": "b"})
    assert topic.outputs["tagsAll"] == {"Name": "a", "name": "b"}


def test_each_violation_is_reported_once() -> None:
    assert len(Account().rejections(TOPIC, tags={"aws:owner": "v" * 257})) == 2
    assert len(Account().rejections(TOPIC, tags={str(number): "" for number in range(51)})) == 1


def test_iam_rejects_keys_that_differ_in_case() -> None:
    inputs = {"assumeRolePolicy": TRUST}
    assert Account().codes(ROLE, tags={"Name": "a", "name": "b"}, **inputs) == {"InvalidInput"}
    assert not Account().codes(ROLE, tags={"Name": "a", "name2": "b"}, **inputs)


def test_ec2_accepts_characters_that_other_services_reject(account: Account) -> None:
    assert not account.codes(VPC, cidrBlock="10.0.0.0/16", tags={"owner": '{"team": "a;b"}'})
