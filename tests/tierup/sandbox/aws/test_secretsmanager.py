"""Tests of the behaviour rows of Secrets Manager."""

from __future__ import annotations

import json

import pytest

from .account import Account

SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"


def test_secret_id_is_arn() -> None:
    secret = Account().make(SECRET, name="app/jwt")
    assert secret.id == secret.outputs["arn"]
    assert secret.id.startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/jwt-")
    assert len(secret.id.rpartition("-")[2]) == 6


@pytest.mark.parametrize(("days", "rejected"), [(0, False), (1, True), (6, True), (7, False), (30, False), (31, True)])
def test_recovery_window_out_of_range_is_rejected(days: int, rejected: bool) -> None:
    assert bool(Account().codes(SECRET, recoveryWindowInDays=days)) is rejected


@pytest.mark.parametrize(("days", "rejected"), [(None, True), (7, True), (0, False)])
def test_deleted_secret_keeps_name_in_recovery_window(days: int | None, rejected: bool) -> None:
    account = Account()
    inputs = {} if days is None else {"recoveryWindowInDays": days}
    secret = account.make(SECRET, name="app/jwt", **inputs)
    account.cloud.remove(secret)
    assert account.codes(SECRET, "again", name="app/jwt") == ({"InvalidRequestException"} if rejected else set())
    assert not Account("us-east-1", account.cloud).codes(SECRET, "again", name="app/jwt")


def test_duplicate_secret_name_is_rejected() -> None:
    account = Account()
    account.make(SECRET, "one", name="app/jwt")
    assert account.codes(SECRET, "two", name="app/jwt") == {"ResourceExistsException"}
    assert account.codes(SECRET, name="app jwt")
    assert account.codes(SECRET, kmsKeyId="alias/none") == {"InvalidParameterException"}


def test_secret_version_requires_secret_and_valid_size() -> None:
    account = Account()
    secret = account.make(SECRET, name="app/jwt")
    version = account.make(VERSION, secretId="app/jwt", secretString="s3cret")
    assert version.outputs["secretArn"] == secret.id
    assert version.id == f"{secret.id}|{version.outputs['versionId']}"
    assert account.codes(VERSION, secretId="none", secretString="x") == {"ResourceNotFoundException"}
    assert account.codes(VERSION, secretId=secret.id) == {"InvalidParameterCombination"}
    assert account.codes(VERSION, secretId=secret.id, secretString="x", secretBinary="eA==") == {
        "InvalidParameterCombination"
    }
    assert account.codes(VERSION, secretId=secret.id, secretString="x" * 65_537) == {"InvalidParameterException"}
    assert not account.delete_codes(secret)


def test_rotation_requires_invocable_function() -> None:
    account = Account()
    secret = account.make(SECRET, name="app/jwt")
    role = account.make(
        "aws:iam/role:Role",
        assumeRolePolicy='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        '"Principal":{"Service":"lambda.amazonaws.com"}}]}',
    )
    function = account.make(
        "aws:lambda/function:Function",
        role=role.outputs["arn"],
        handler="main.handler",
        runtime="python3.13",
        s3Bucket="code",
        s3Key="code.zip",
    )
    rotation = {
        "secretId": secret.id,
        "rotationLambdaArn": function.outputs["arn"],
        "rotationRules": {"automaticallyAfterDays": 30},
    }
    assert account.codes(ROTATION, **rotation) == {"AccessDeniedException"}
    account.make(
        "aws:lambda/permission:Permission",
        function=function.id,
        action="lambda:InvokeFunction",
        principal="secretsmanager.amazonaws.com",
    )
    account.make(ROTATION, "first", **rotation)
    assert account.codes(ROTATION, "second", **rotation) == {"InvalidRequestException"}
    for rules in ({}, {"automaticallyAfterDays": 1, "scheduleExpression": "rate(1 day)"}):
        assert account.codes(ROTATION, "first", **{**rotation, "rotationRules": rules}) == {"InvalidParameterException"}


def test_secret_policy_requires_secret() -> None:
    account = Account()
    text = '{"Statement":{"Effect":"Deny","Principal":"*","Action":"secretsmanager:*","Resource":"*"}}'
    assert account.codes(
        POLICY, secretArn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:none-a1b2c3", policy=text
    ) == {"ResourceNotFoundException"}
    secret = account.make(SECRET, name="app/jwt")
    assert not account.codes(POLICY, secretArn=secret.id, policy=text)


def test_public_secret_policy_is_rejected_if_blocked() -> None:
    account = Account()
    secret = account.make(SECRET, name="app/jwt")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    inputs = {
        "secretArn": secret.id,
        "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }
    policy = "aws:secretsmanager/secretPolicy:SecretPolicy"
    assert account.codes(policy, blockPublicPolicy=True, **inputs) == {"PublicPolicyException"}
    assert not account.codes(policy, **inputs)
