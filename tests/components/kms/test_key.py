"""The customer managed key: rotation, alias and the statements of its policy."""

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


def test_key_rotates_and_has_an_alias_in_its_region(recording: Recording[KmsKey]) -> None:
    key = recording.one(KEY)

    assert recording.tree() == {"data": None, "data-key": "data", "data-alias": "data"}
    assert key.inputs["enableKeyRotation"] is True
    assert {resource.inputs["region"] for resource in recording.resources if resource.custom} == {"eu-west-1"}
    assert recording.one("aws:kms/alias:Alias").inputs["targetKeyId"] == "data-key-id"
    assert key.inputs["tags"] == {"Stack": "dev", "Name": "data-key"}


def test_account_administers_the_key(recording: Recording[KmsKey]) -> None:
    (first, *_) = statements(recording.one(KEY))

    assert (first["Principal"], first["Action"]) == ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*")


def test_other_statements_are_limited_to_the_account(recording: Recording[KmsKey]) -> None:
    others = statements(recording.one(KEY))[1:]
    assert others
    for statement in others:
        assert ACCOUNT in str(statement["Condition"])


def test_principals_use_the_key_only_via_the_named_services() -> None:
    use, grant = (by_sid(KeyUse.SECRETS, KeyUse.IMAGES)[sid] for sid in ("ServicesUse", "ServicesGrantToThemselves"))

    for statement in (use, grant):
        assert statement["Condition"]["StringEquals"] == {
            "kms:CallerAccount": ACCOUNT,
            "kms:ViaService": ["ecr.eu-west-1.amazonaws.com", "secretsmanager.eu-west-1.amazonaws.com"],
        }
    assert grant["Action"] == ["kms:CreateGrant"]
    assert grant["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert "kms:CreateGrant" not in use["Action"]


def test_logs_statement_is_limited_by_encryption_context() -> None:
    policy = by_sid(KeyUse.LOGS)

    assert set(policy) == {"AccountAdministers", "LogsUse"}
    assert policy["LogsUse"]["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert policy["LogsUse"]["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:*"}
    }


def test_cloudfront_may_decrypt_for_the_accounts_distributions() -> None:
    statement = by_sid(KeyUse.SITE)["CloudFrontReads"]

    assert statement["Action"] == "kms:Decrypt"
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"] == f"arn:aws:cloudfront::{ACCOUNT}:distribution/*"


def test_empty_uses_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"uses: must not be empty .got none.. Give one or more of secrets, logs"):
        args()


def test_invalid_account_id_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^account_id: "):
        KmsKeyArgs(account_id="mine", region="eu-west-1", uses=[KeyUse.LOGS], tags={})
