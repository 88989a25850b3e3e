from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policies.rule import Outcome
from policies.storage.tls_only import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate
from tests.policies.storage.compliant import ARN, read_by_cdn, tls_only

POLICY = "bucket-policy: policy"


def document(*statements: Mapping[str, object]) -> str:
    return json.dumps({"Statement": list(statements)})


def test_a_bucket_that_refuses_plain_http_passes() -> None:
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
def test_the_other_ways_to_write_it_pass(change: Mapping[str, object]) -> None:
    assert evaluate(RULE, "bucket", {POLICY: document({**tls_only(), **change})}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Action": "s3:GetObject"},
        {"Resource": f"{ARN}/*"},
        {"Resource": ARN},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}},
    ],
)
def test_a_statement_that_refuses_some_only_fails(change: Mapping[str, object]) -> None:
    verdict = evaluate(RULE, "bucket", {POLICY: document(read_by_cdn(), {**tls_only(), **change})})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("bucket policy", "lets plain HTTP pass")
    ]


def test_a_bucket_without_a_policy_fails() -> None:
    verdict = evaluate(RULE, "bucket", {"bucket-policy": ABSENT})
    assert verdict.findings[0].found == "missing"


def test_a_policy_written_into_the_bucket_counts() -> None:
    changes = {"bucket-policy": ABSENT, "policy": document(tls_only())}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.PASS


def test_a_policy_given_as_an_object_counts() -> None:
    assert evaluate(RULE, "bucket", {POLICY: {"Statement": tls_only()}}).outcome is Outcome.PASS


@pytest.mark.parametrize("policy", [UNKNOWN, "not JSON", "[]"])
def test_a_policy_that_cannot_be_read_is_not_a_pass(policy: str) -> None:
    assert evaluate(RULE, "bucket", {POLICY: policy}).outcome is Outcome.UNKNOWN
