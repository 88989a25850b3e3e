"""The key: who gets at it, only through whom, and that nobody is locked out."""

from __future__ import annotations

from typing import Any

import pytest

from components.kms.key import KeyUse, KmsKey, KmsKeyArgs, key_policy
from tests.components.policy_documents import statements
from tests.engine_recorder import Recording, record

ACCOUNT = "111122223333"
KEY = "aws:kms/key:Key"


def args(*uses: KeyUse, region: str = "eu-west-1") -> KmsKeyArgs:
    return KmsKeyArgs(account_id=ACCOUNT, region=region, uses=uses, tags={"Stack": "dev"})


def by_sid(*uses: KeyUse) -> dict[str, Any]:
    return {statement["Sid"]: statement for statement in key_policy(args(*uses))["Statement"]}


@pytest.fixture(scope="module")
def recording() -> Recording[KmsKey]:
    return record(lambda: KmsKey("data", args(*KeyUse)))


def test_it_is_a_key_that_rotates_and_an_alias_in_its_region(recording: Recording[KmsKey]) -> None:
    key = recording.one(KEY)

    assert recording.tree() == {"data": None, "data-key": "data", "data-alias": "data"}
    assert key.inputs["enableKeyRotation"] is True
    assert {resource.inputs["region"] for resource in recording.resources if resource.custom} == {"eu-west-1"}
    assert recording.one("aws:kms/alias:Alias").inputs["targetKeyId"] == "data-key-id"
    assert key.inputs["tags"] == {"Stack": "dev", "Name": "data-key"}


def test_the_account_administers_it(recording: Recording[KmsKey]) -> None:
    (first, *_) = statements(recording.one(KEY))

    assert (first["Principal"], first["Action"]) == ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*")


def test_everybody_else_comes_from_this_account_or_for_it(recording: Recording[KmsKey]) -> None:
    for statement in statements(recording.one(KEY))[1:]:
        assert ACCOUNT in str(statement["Condition"])


def test_it_is_used_only_through_the_services_named() -> None:
    use, grant = (by_sid(KeyUse.SECRETS, KeyUse.IMAGES)[sid] for sid in ("ServicesUse", "ServicesGrantToThemselves"))

    for statement in (use, grant):
        assert statement["Condition"]["StringEquals"] == {
            "kms:CallerAccount": ACCOUNT,
            "kms:ViaService": ["ecr.eu-west-1.amazonaws.com", "secretsmanager.eu-west-1.amazonaws.com"],
        }
    assert grant["Action"] == ["kms:CreateGrant"]
    assert grant["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert "kms:CreateGrant" not in use["Action"]


def test_logs_come_with_their_own_group_as_context() -> None:
    policy = by_sid(KeyUse.LOGS)

    assert set(policy) == {"AccountAdministers", "LogsUse"}
    assert policy["LogsUse"]["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert policy["LogsUse"]["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:*"}
    }


def test_cloudfront_only_reads_and_only_for_our_distributions() -> None:
    statement = by_sid(KeyUse.SITE)["CloudFrontReads"]

    assert statement["Action"] == "kms:Decrypt"
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"] == f"arn:aws:cloudfront::{ACCOUNT}:distribution/*"


def test_a_key_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="uses is empty; give one or more of secrets, logs"):
        args()


def test_an_account_has_twelve_digits() -> None:
    with pytest.raises(ValueError, match="account_id: got 'mine', allowed 12 digits"):
        KmsKeyArgs(account_id="mine", region="eu-west-1", uses=[KeyUse.LOGS], tags={})
