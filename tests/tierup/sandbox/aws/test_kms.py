"""Tests of the behaviour rows of KMS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .account import Account

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"


def policy(principal: Any, action: Any = "kms:*") -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


def test_key_outputs_match_aws() -> None:
    key = Account().make(KEY)
    assert key.outputs["arn"] == f"arn:aws:kms:eu-west-1:123456789012:key/{key.id}"
    assert [len(part) for part in key.id.split("-")] == [8, 4, 4, 4, 12]
    assert key.outputs["keyId"] == key.id
    assert ROOT in [each["Principal"] for each in json.loads(key.outputs["policy"])["Statement"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (policy({"Service": "cloudwatch.amazonaws.com"}), "MalformedPolicyDocumentException"),
        (policy(ROOT, "kms:Decrypt"), "MalformedPolicyDocumentException"),
        (policy({"AWS": "arn:aws:iam::999999999999:root"}), "MalformedPolicyDocumentException"),
        ("not json", "MalformedPolicyDocumentException"),
    ],
)
def test_key_policy_without_account_is_rejected(text: str, code: str) -> None:
    assert Account().codes(KEY, policy=text) == {code}


def test_key_policy_with_account_is_accepted() -> None:
    assert not Account().codes(KEY, policy=policy(ROOT))
    assert not Account().codes(KEY, policy=policy(ROOT, ["kms:Put*", "kms:Decrypt"]))
    assert not Account().codes(
        KEY, policy=policy({"Service": "sns.amazonaws.com"}), bypassPolicyLockoutSafetyCheck=True
    )


@pytest.mark.parametrize(("days", "rejected"), [(6, True), (7, False), (30, False), (31, True)])
def test_deletion_window_out_of_range_is_rejected(days: int, rejected: bool) -> None:
    assert bool(Account().codes(KEY, deletionWindowInDays=days)) is rejected


def test_rotation_of_asymmetric_key_is_rejected() -> None:
    account = Account()
    assert account.codes(KEY, enableKeyRotation=True, customerMasterKeySpec="RSA_2048") == {
        "UnsupportedOperationException"
    }
    assert account.codes(KEY, rotationPeriodInDays=180) == {"UnsupportedOperationException"}
    assert not account.codes(KEY, enableKeyRotation=True, rotationPeriodInDays=180)


def test_alias_requires_key_and_unique_name() -> None:
    account = Account()
    key = account.make(KEY)
    alias = account.make(ALIAS, name="alias/app", targetKeyId=key.id)
    assert alias.outputs["targetKeyArn"] == key.outputs["arn"]
    assert alias.id == "alias/app"
    for wrong in ("app", "alias/aws/app", "alias/a b"):
        assert account.codes(ALIAS, name=wrong, targetKeyId=key.id)
    assert account.codes(ALIAS, "twin", name="alias/app", targetKeyId=key.id) == {"AlreadyExistsException"}
    assert account.codes(ALIAS, name="alias/b", targetKeyId="none") == {"NotFoundException"}
    assert account.codes(ALIAS, name="alias/b", targetKeyId="alias/app") == {"NotFoundException"}
    elsewhere = Account("us-east-1", account.cloud)
    assert elsewhere.codes(ALIAS, name="alias/b", targetKeyId=key.id) == {"NotFoundException"}
