from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policies.rule import Outcome
from policies.s3.tls_only import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate
from tests.policies.s3.compliant import ARN, read_by_cdn, tls_only

POLICY = "bucket-policy: policy"


def document(*statements: Mapping[str, object]) -> str:
    return json.dumps({"Statement": list(statements)})


def test_bucket_that_denies_http_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"AWS": "*"}},
        {"Action": "*"},
        {"Action": ["s3:*"]},
        {"Resource": "*"},
        {"Resource": f"{ARN}*"},
        {"Condition": {"Bool": {"AWS:SecureTransport": False}}},
        {"Condition": {"BoolIfExists": {"aws:SecureTransport": ["false"]}}},
    ],
)
def test_equivalent_statements_pass(change: Mapping[str, object]) -> None:
    assert evaluate(RULE, "bucket", {POLICY: document({**tls_only(), **change})}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Action": "s3:GetObject"},
        {"Resource": f"{ARN}/*"},
        {"Resource": ARN},
        {"Resource": [ARN, f"{ARN}/private/*"]},
        {"Resource": ["arn:aws:s3:::another", "arn:aws:s3:::another/*"]},
        {"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}},
    ],
)
def test_partial_denial_fails(change: Mapping[str, object]) -> None:
    verdict = evaluate(RULE, "bucket", {POLICY: document(read_by_cdn(), {**tls_only(), **change})})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("bucket policy", "allows plain HTTP")]


def test_bucket_without_policy_fails() -> None:
    verdict = evaluate(RULE, "bucket", {"bucket-policy": ABSENT})
    assert verdict.findings[0].found == "missing"


def test_inline_policy_counts() -> None:
    changes = {"bucket-policy": ABSENT, "policy": document(tls_only())}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.PASS


def test_policy_as_object_counts() -> None:
    assert evaluate(RULE, "bucket", {POLICY: {"Statement": tls_only()}}).outcome is Outcome.PASS


@pytest.mark.parametrize("policy", [UNKNOWN, "not JSON", "[]", '{"Statement": ["text"]}', '{"Statement": 1}'])
def test_unreadable_policy_evaluates_to_unknown(policy: str) -> None:
    assert evaluate(RULE, "bucket", {POLICY: policy}).outcome is Outcome.UNKNOWN
