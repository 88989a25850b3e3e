"""Tests of the behaviour rows of IAM."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.sandbox.aws.iam import (
    INSTANCE_PROFILE,
    OIDC_PROVIDER,
    POLICY,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
)
from tierup.sandbox.aws.managed_policies import PREFIX, managed_policies
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from .account import Account

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


TRUST = policy(Effect="Allow", Action="sts:AssumeRole", Principal={"Service": "ecs-tasks.amazonaws.com"})
ALLOW = policy(Effect="Allow", Action="s3:GetObject", Resource="*")


@pytest.fixture
def role(account: Account) -> CloudResource:
    return account.make(ROLE, "task", assumeRolePolicy=TRUST)


def test_role_is_global_and_has_name(role: CloudResource) -> None:
    name = role.outputs["name"]
    assert role.id == name
    assert role.region == ""
    assert role.outputs["arn"] == f"arn:aws:iam::123456789012:role/{name}"
    assert role.outputs["uniqueId"].startswith("AROA")
    assert role.outputs["maxSessionDuration"] == 3600


def test_path_is_part_of_arn(account: Account) -> None:
    made = account.make(ROLE, assumeRolePolicy=TRUST, path="/tasks/", name="api")
    assert made.outputs["arn"] == "arn:aws:iam::123456789012:role/tasks/api"
    assert account.codes(ROLE, "b", assumeRolePolicy=TRUST, path="tasks") == {"ValidationError"}


@pytest.mark.parametrize("name", ["a" * 65, "task role", "rôle"])
def test_invalid_role_name_is_rejected(account: Account, name: str) -> None:
    assert [rejection.path for rejection in account.planned(ROLE, assumeRolePolicy=TRUST, name=name)] == ["name"]


def test_role_name_differing_by_case_is_rejected(account: Account) -> None:
    account.make(ROLE, "a", assumeRolePolicy=TRUST, name="Task")
    assert account.codes(ROLE, "b", assumeRolePolicy=TRUST, name="Task") == {"EntityAlreadyExists"}
    assert account.codes(ROLE, "b", assumeRolePolicy=TRUST, name="task") == {"EntityAlreadyExists"}


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "[]",
        "{}",
        policy(Effect="allow", Action="sts:AssumeRole", Principal="*"),
        policy(Effect="Allow", Action="sts:AssumeRole"),
        policy(Effect="Allow", Principal="*"),
        policy(Effect="Allow", Action="sts:AssumeRole", Principal="*", Resource="*"),
        TRUST.replace("2012-10-17", "2024-01-01"),
    ],
)
def test_invalid_trust_policy_is_rejected(account: Account, document: str) -> None:
    (rejection,) = account.planned(ROLE, assumeRolePolicy=document)
    assert (rejection.path, rejection.code) == ("assumeRolePolicy", "MalformedPolicyDocument")


def test_unknown_trust_policy_is_accepted(account: Account) -> None:
    assert not account.planned(ROLE, assumeRolePolicy=UNKNOWN)


def test_trust_policy_over_2048_characters_is_rejected(account: Account) -> None:
    long = TRUST.replace("ecs-tasks", "e" * 2048)
    assert {rejection.code for rejection in account.planned(ROLE, assumeRolePolicy=long)} == {"LimitExceeded"}


@pytest.mark.parametrize(
    "document",
    [policy(Effect="Allow", Action="s3:*", Resource="*", Principal="*"), policy(Effect="Allow", Action="s3:*")],
)
def test_identity_policy_requires_resource_and_forbids_principal(account: Account, document: str) -> None:
    assert {rejection.code for rejection in account.planned(POLICY, policy=document)} == {"MalformedPolicyDocument"}
    assert not account.planned(POLICY, policy=ALLOW)


def test_role_policy_requires_role(account: Account, role: CloudResource) -> None:
    assert account.codes(ROLE_POLICY, role="nobody", policy=ALLOW) == {"NoSuchEntity"}
    made = account.make(ROLE_POLICY, "read", role=role.id, policy=ALLOW)
    assert made.id == f"{role.id}:{made.outputs['name']}"
    wide = policy(
        Effect="Allow", Action="s3:GetObject", Resource=["arn:aws:s3:::" + "b" * 100 + str(n) for n in range(80)]
    )
    account.make(ROLE_POLICY, "wide", role=role.id, policy=wide)
    assert account.codes(ROLE_POLICY, "wider", role=role.id, policy=wide) == {"LimitExceeded"}


def test_role_with_policies_cannot_be_deleted(account: Account, role: CloudResource) -> None:
    attached = account.make(ROLE_POLICY_ATTACHMENT, "read", role=role.id, policyArn=READ_ONLY)
    assert account.delete_codes(role) == {"DeleteConflict"}
    account.cloud.remove(attached)
    assert not account.delete_codes(role)
    forced = account.make(ROLE, "forced", assumeRolePolicy=TRUST, forceDetachPolicies=True)
    account.make(ROLE_POLICY_ATTACHMENT, "forced", role=forced.id, policyArn=READ_ONLY)
    assert not account.delete_codes(forced)


def test_attached_policy_must_exist_and_cannot_be_deleted(account: Account, role: CloudResource) -> None:
    customer_managed = account.make(POLICY, "customer-managed", policy=ALLOW)
    assert account.codes(ROLE_POLICY_ATTACHMENT, role=role.id, policyArn=f"{customer_managed.id}x") == {"NoSuchEntity"}
    account.make(ROLE_POLICY_ATTACHMENT, role=role.id, policyArn=customer_managed.id)
    assert account.delete_codes(customer_managed) == {"DeleteConflict"}
    assert account.replaced_by(customer_managed, description="other") == {"description"}
    assert not account.replaced_by(customer_managed, policy=ALLOW.replace("Get", "Put"))


def test_eleventh_managed_policy_is_rejected(account: Account, role: CloudResource) -> None:
    for name in sorted(managed_policies())[:10]:
        account.make(ROLE_POLICY_ATTACHMENT, name, role=role.id, policyArn=f"{PREFIX}{name}")
    assert account.codes(ROLE_POLICY_ATTACHMENT, "p10", role=role.id, policyArn=READ_ONLY) == {"LimitExceeded"}


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        ("service-role/AmazonECSTaskExecutionRolePolicy", True),
        ("AmazonECSTaskExecutionRolePolicy", False),
        ("service-role/AWSLambdaBasicExecutionRole", True),
        ("AWSLambdaBasicExecutionRoles", False),
    ],
)
def test_aws_managed_policy_must_exist(account: Account, role: CloudResource, name: str, exists: bool) -> None:
    codes = account.codes(ROLE_POLICY_ATTACHMENT, role=role.id, policyArn=f"{PREFIX}{name}")
    assert codes == (set() if exists else {"NoSuchEntity"})


@pytest.mark.parametrize(
    "statements",
    [
        [{"Sid": "Read", "Action": "s3:GetObject"}, {"Sid": "Read", "Action": "s3:PutObject"}],
        [{"Sid": "Read objects", "Action": "s3:GetObject"}],
        [{"Action": "GetObject"}],
        [{"Action": ["s3:GetObject", "s3.PutObject"]}],
    ],
)
def test_malformed_statements_are_rejected(account: Account, statements: list[dict[str, Any]]) -> None:
    listed = [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]
    document = json.dumps({"Version": "2012-10-17", "Statement": listed})
    assert account.codes(POLICY, policy=document) == {"MalformedPolicyDocument"}


def test_distinct_sids_and_prefixed_actions_are_accepted(account: Account) -> None:
    listed = [
        {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*"}
        for sid, action in (("A", "*"), ("B", "s3:Get*"), ("C", ["ecr:GetAuthorizationToken", "execute-api:*"]))
    ]
    assert not account.codes(POLICY, policy=json.dumps({"Version": "2012-10-17", "Statement": listed}))


def test_second_identity_provider_of_url_is_rejected(account: Account) -> None:
    inputs = {"url": "https://token.actions.githubusercontent.com", "clientIdLists": ["sts.amazonaws.com"]}
    made = account.make(OIDC_PROVIDER, "github", **inputs)
    assert made.id == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    assert account.codes(OIDC_PROVIDER, "again", **inputs) == {"EntityAlreadyExists"}
    assert account.codes(OIDC_PROVIDER, "b", **{**inputs, "url": "http://example.com"}) == {"ValidationError"}
    assert account.codes(OIDC_PROVIDER, "b", **{**inputs, "url": "https://b", "thumbprintLists": ["ab"]}) == {
        "ValidationError"
    }


def test_instance_profile_requires_role(account: Account, role: CloudResource) -> None:
    made = account.make(INSTANCE_PROFILE, "host", role=role.id)
    assert made.outputs["arn"].endswith(f":instance-profile/{made.id}")
    assert account.codes(INSTANCE_PROFILE, "b", role="nobody") == {"NoSuchEntity"}


@pytest.mark.parametrize("seconds", [3599, 43201])
def test_session_duration_out_of_range_is_rejected(account: Account, seconds: int) -> None:
    found = account.planned(ROLE, assumeRolePolicy=TRUST, maxSessionDuration=seconds)
    assert [rejection.path for rejection in found] == ["maxSessionDuration"]


def test_inline_policies_are_validated(account: Account) -> None:
    found = account.planned(ROLE_POLICY, role="task", policy=TRUST)
    assert {(rejection.path, rejection.code) for rejection in found} == {("policy", "MalformedPolicyDocument")}
    inline = [{"name": "good", "policy": ALLOW}, {"name": "bad", "policy": "{"}]
    (rejection,) = account.planned(ROLE, assumeRolePolicy=TRUST, inlinePolicies=inline)
    assert (rejection.path, rejection.code) == ("inlinePolicies[1].policy", "MalformedPolicyDocument")
