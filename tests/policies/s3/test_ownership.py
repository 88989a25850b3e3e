from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.s3.ownership import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

OWNERSHIP = "bucket-ownership: rule.objectOwnership"


def test_bucket_owner_enforced_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


def test_s3_default_passes() -> None:
    assert evaluate(RULE, "bucket", {"bucket-ownership": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize("ownership", ["ObjectWriter", "BucketOwnerPreferred"])
def test_ownership_by_acl_fails(ownership: str) -> None:
    verdict = evaluate(RULE, "bucket", {OWNERSHIP: ownership})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(OWNERSHIP, f'"{ownership}"')]


def test_bucket_for_legacy_cloudfront_logs_is_not_applicable() -> None:
    changes = {OWNERSHIP: "BucketOwnerPreferred", "distribution: loggingConfig": {"bucket": "bucket-id"}}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.NOT_APPLICABLE


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "bucket", {OWNERSHIP: UNKNOWN}).outcome is Outcome.UNKNOWN
