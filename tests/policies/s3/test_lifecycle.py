from __future__ import annotations

import pytest

from policies.rule import Outcome, Stack
from policies.s3.lifecycle import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with

RULE_0 = "bucket-lifecycle: rules[0]"
ABORT = f"{RULE_0}.abortIncompleteMultipartUpload"
OLD = f"{RULE_0}.noncurrentVersionExpiration"


def test_complete_lifecycle_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({ABORT: ABSENT}, "incomplete uploads are never deleted"),
        ({OLD: ABSENT}, "old versions are never deleted"),
        ({f"{RULE_0}.filter": {"prefix": "tmp/"}}, "old versions are never deleted"),
    ],
)
def test_missing_lifecycle_action_fails(changes: dict[str, object], found: str) -> None:
    assert [finding.found for finding in evaluate(RULE, "bucket", changes).findings] == [found]


@pytest.mark.parametrize("changes", [{"bucket-lifecycle": ABSENT}, {f"{RULE_0}.status": "Disabled"}])
def test_bucket_without_rules_has_two_findings(changes: dict[str, object]) -> None:
    assert len(evaluate(RULE, "bucket", changes).findings) == 2


def test_unversioned_bucket_needs_no_expiration() -> None:
    assert evaluate(RULE, "bucket", {"bucket-versioning": ABSENT, OLD: ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize(("expiration", "outcome"), [(None, Outcome.FAIL), ({"days": 90}, Outcome.PASS)])
def test_logs_must_expire(expiration: object, outcome: Outcome) -> None:
    resources = resources_with({f"{RULE_0}.expiration": expiration})
    bucket = next(each for each in resources if each.name == "bucket")
    logging = resource("aws:s3/bucketLogging:BucketLogging", {"bucket": "other", "targetBucket": "tierup-tests"})
    assert RULE.evaluate(bucket, Stack((*resources, logging))).outcome is outcome


@pytest.mark.parametrize("path", ["bucket-lifecycle: rules", ABORT, OLD])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
