from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policies.rule import Outcome, Stack, Verdict
from policies.storage.not_public import PUBLIC_ACLS, PUBLIC_GROUPS, RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with
from tests.policies.storage.compliant import ARN, read_by_cdn

POLICY = "bucket-policy: policy"
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}


def with_statement(statement: Mapping[str, object]) -> Verdict:
    return evaluate(RULE, "bucket", {POLICY: json.dumps({"Statement": [read_by_cdn(), statement]})})


def with_acl(properties: Mapping[str, object]) -> Verdict:
    resources = resources_with({})
    bucket = next(each for each in resources if each.name == "bucket")
    acl = resource("aws:s3/bucketAcl:BucketAcl", {"bucket": "tierup-tests", **properties}, "acl")
    return RULE.evaluate(bucket, Stack((*resources, acl)))


def test_a_private_bucket_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS
    assert evaluate(RULE, "bucket", {"bucket-policy": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize("acl", PUBLIC_ACLS)
def test_a_public_acl_fails_wherever_it_stands(acl: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "bucket", {"bucket: acl": acl}).findings] == ["acl"]
    assert [finding.path for finding in with_acl({"acl": acl}).findings] == ["acl: acl"]


@pytest.mark.parametrize("acl", ["private", "log-delivery-write", "bucket-owner-full-control"])
def test_another_acl_passes(acl: str) -> None:
    assert with_acl({"acl": acl}).outcome is Outcome.PASS


@pytest.mark.parametrize("uri", PUBLIC_GROUPS)
def test_a_grant_to_a_public_group_fails(uri: str) -> None:
    grants = [{"permission": "READ", "grantee": {"type": "Group", "uri": uri}}]
    assert len(with_acl({"accessControlPolicy": {"grants": grants}}).findings) == 1
    assert len(evaluate(RULE, "bucket", {"grants": [{"type": "Group", "uri": uri}]}).findings) == 1


def test_a_grant_to_an_account_passes() -> None:
    grants = [{"permission": "READ", "grantee": {"type": "CanonicalUser", "id": "1"}}]
    assert with_acl({"accessControlPolicy": {"grants": grants}}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "statement",
    [
        EVERYBODY,
        {**EVERYBODY, "Principal": {"AWS": "*"}},
        {**EVERYBODY, "Principal": {"AWS": ["*"]}},
        {"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}, "Action": "s3:*", "Resource": "*"},
        {**EVERYBODY, "Condition": {"StringLike": {"aws:Referer": "https://example.com/*"}}},
        {**EVERYBODY, "Condition": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}},
        {**EVERYBODY, "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"]}}},
        {**EVERYBODY, "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        {**EVERYBODY, "Condition": {"StringLike": {"aws:PrincipalOrgID": "*"}}},
    ],
)
def test_a_statement_for_everybody_fails(statement: Mapping[str, object]) -> None:
    assert [finding.path for finding in with_statement(statement).findings] == ["bucket-policy: statement 1"]


@pytest.mark.parametrize(
    "condition",
    [
        # As tierup's own bucket behind Cloudflare: fixed addresses, and a secret beside them.
        {"IpAddress": {"aws:SourceIp": ["173.245.48.0/20"]}, "StringEquals": {"aws:Referer": "secret"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/*"}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": ["o-1"]}},
    ],
)
def test_a_statement_that_says_who_may_come_passes(condition: Mapping[str, object]) -> None:
    assert with_statement({**EVERYBODY, "Condition": condition}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "principal", [{"AWS": "arn:aws:iam::111122223333:role/deploy"}, {"Service": "delivery.logs.amazonaws.com"}]
)
def test_named_principals_pass(principal: Mapping[str, object]) -> None:
    assert with_statement({**EVERYBODY, "Principal": principal}).outcome is Outcome.PASS


def test_a_secret_condition_is_never_shown() -> None:
    condition = {"StringEquals": {"aws:Referer": "drawn-by-us"}}
    assert "drawn-by-us" not in str(with_statement({**EVERYBODY, "Condition": condition}).findings)


@pytest.mark.parametrize("path", [POLICY, "bucket: acl", "grants"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
