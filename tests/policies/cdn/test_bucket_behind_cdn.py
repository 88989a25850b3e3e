from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policies.cdn.bucket_behind_cdn import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate
from tests.policies.s3.compliant import read_by_cdn

POLICY = "bucket-policy: policy"
OTHER_HOSTS = {"distribution: origins[0].domainName": "elsewhere.s3.eu-west-1.amazonaws.com"}


def policy(change: Mapping[str, object]) -> str:
    return json.dumps({"Statement": [{**read_by_cdn(), **change}]})


def test_a_bucket_that_only_its_distribution_can_read_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "change",
    [
        {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/*"}}},
        {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2"}, "Condition": {}},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}, "Action": "s3:*", "Condition": {}},
        {"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        {"Principal": "*", "Action": "s3:GetBucketLocation", "Condition": {}},
    ],
)
def test_named_readers_pass(change: Mapping[str, object]) -> None:
    assert evaluate(RULE, "bucket", {POLICY: policy(change)}).outcome is Outcome.PASS


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:Get*", "s3:*", ["s3:ListBucket"]])
def test_reads_by_everyone_fail(action: object) -> None:
    verdict = evaluate(RULE, "bucket", {POLICY: policy({"Principal": "*", "Action": action, "Condition": {}})})
    assert [finding.found for finding in verdict.findings] == ["everyone can read the bucket without the CDN"]


@pytest.mark.parametrize("condition", [{}, {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::*:distribution/*"}}])
def test_reads_by_every_distribution_fail(condition: Mapping[str, object]) -> None:
    verdict = evaluate(RULE, "bucket", {POLICY: policy({"Condition": condition})})
    assert [finding.path for finding in verdict.findings] == ["bucket-policy: Statement[0] (DistributionReads)"]


def test_a_bucket_without_a_policy_passes() -> None:
    assert evaluate(RULE, "bucket", {"bucket-policy": ABSENT}).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_bucket_without_a_distribution() -> None:
    assert evaluate(RULE, "bucket", OTHER_HOSTS).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "host",
    [
        "tierup-tests.s3.amazonaws.com",
        "tierup-tests.s3.dualstack.eu-west-1.amazonaws.com",
        "tierup-tests.s3-eu-west-1.amazonaws.com",
        "tierup-tests.s3-website-eu-west-1.amazonaws.com",
        "tierup-tests.s3-website.eu-central-1.amazonaws.com",
        "bucket-id",  # unknown, but the data flow names the bucket
    ],
)
def test_a_distribution_is_found_by_each_host_name_of_the_bucket(host: str) -> None:
    changes = {"distribution: origins[0].domainName": host, POLICY: policy({"Condition": {}})}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.FAIL


def test_an_unknown_policy_does_not_pass() -> None:
    assert evaluate(RULE, "bucket", {POLICY: UNKNOWN}).outcome is Outcome.UNKNOWN
