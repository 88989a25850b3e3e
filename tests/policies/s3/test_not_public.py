from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policies.rule import Outcome, Stack, Verdict
from policies.s3.not_public import PUBLIC_ACLS, PUBLIC_GROUPS, RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with
from tests.policies.s3.compliant import ARN, read_by_cdn

POLICY = "bucket-policy: policy"
EVERYONE = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}


def with_statement(statement: Mapping[str, object]) -> Verdict:
    return evaluate(RULE, "bucket", {POLICY: json.dumps({"Statement": [read_by_cdn(), statement]})})


def with_acl(properties: Mapping[str, object]) -> Verdict:
    resources = resources_with({})
    bucket = next(each for each in resources if each.name == "bucket")
    acl = resource("aws:s3/bucketAcl:BucketAcl", {"bucket": "tierup-tests", **properties}, "acl")
    return RULE.evaluate(bucket, Stack((*resources, acl)))


def test_private_bucket_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS
    assert evaluate(RULE, "bucket", {"bucket-policy": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize("acl", PUBLIC_ACLS)
def test_public_acl_fails_on_the_bucket_and_in_a_separate_resource(acl: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "bucket", {"bucket: acl": acl}).findings] == ["acl"]
    assert [finding.path for finding in with_acl({"acl": acl}).findings] == ["acl: acl"]


@pytest.mark.parametrize("acl", ["private", "log-delivery-write", "bucket-owner-full-control"])
def test_other_acl_passes(acl: str) -> None:
    assert with_acl({"acl": acl}).outcome is Outcome.PASS


@pytest.mark.parametrize("uri", PUBLIC_GROUPS)
def test_grant_to_a_public_group_fails(uri: str) -> None:
    grants = [{"permission": "READ", "grantee": {"type": "Group", "uri": uri}}]
    assert len(with_acl({"accessControlPolicy": {"grants": grants}}).findings) == 1
    assert len(evaluate(RULE, "bucket", {"grants": [{"type": "Group", "uri": uri}]}).findings) == 1


def test_grant_to_an_account_passes() -> None:
    grants = [{"permission": "READ", "grantee": {"type": "CanonicalUser", "id": "1"}}]
    assert with_acl({"accessControlPolicy": {"grants": grants}}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "statement",
    [
        EVERYONE,
        {**EVERYONE, "Principal": {"AWS": "*"}},
        {**EVERYONE, "Principal": {"AWS": ["*"]}},
        {"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}, "Action": "s3:*", "Resource": "*"},
        {**EVERYONE, "Condition": {"StringLike": {"aws:Referer": "https://example.com/*"}}},
        {**EVERYONE, "Condition": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}},
        {**EVERYONE, "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"]}}},
        {**EVERYONE, "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        {**EVERYONE, "Condition": {"StringLike": {"aws:PrincipalOrgID": "*"}}},
        {**EVERYONE, "Condition": {"StringLike": {"aws:PrincipalOrgID": "o-*"}}},
        {**EVERYONE, "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*"}}},
        {**EVERYONE, "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}},
        {**EVERYONE, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}},
        {**EVERYONE, "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}},
        {**EVERYONE, "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
)
def test_statement_for_everyone_fails(statement: Mapping[str, object]) -> None:
    assert [finding.path for finding in with_statement(statement).findings] == ["bucket-policy: Statement[1]"]


@pytest.mark.parametrize(
    "condition",
    [
        # As tierup's bucket behind Cloudflare: fixed addresses and a secret header.
        {"IpAddress": {"aws:SourceIp": ["173.245.48.0/20"]}, "StringEquals": {"aws:Referer": "secret"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/*"}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": ["o-1"]}},
        {"StringLike": {"aws:userid": ["AROAEXAMPLE:*", "111122223333"]}},
        {"StringEquals": {"aws:VpceAccount": "111122223333"}},
        {"StringEquals": {"aws:VpceOrgID": "o-1"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}},
        {"StringEquals": {"s3:DataAccessPointAccount": "111122223333"}},
    ],
)
def test_statement_with_a_condition_on_the_caller_passes(condition: Mapping[str, object]) -> None:
    assert with_statement({**EVERYONE, "Condition": condition}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "principal", [{"AWS": "arn:aws:iam::111122223333:role/deploy"}, {"Service": "delivery.logs.amazonaws.com"}]
)
def test_specific_principals_pass(principal: Mapping[str, object]) -> None:
    assert with_statement({**EVERYONE, "Principal": principal}).outcome is Outcome.PASS


def test_condition_value_is_never_shown() -> None:
    condition = {"StringEquals": {"aws:Referer": "secret-referer"}}
    assert "secret-referer" not in str(with_statement({**EVERYONE, "Condition": condition}).findings)


@pytest.mark.parametrize("path", [POLICY, "bucket: acl", "grants"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
