from __future__ import annotations

import pytest

from policies.rule import Outcome, Stack
from policies.storage.lifecycle import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with

RULE_0 = "bucket-lifecycle: rules[0]"
ABORT = f"{RULE_0}.abortIncompleteMultipartUpload"
OLD = f"{RULE_0}.noncurrentVersionExpiration"


def test_a_bucket_where_nothing_piles_up_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({ABORT: ABSENT}, "incomplete uploads stay for ever"),
        ({OLD: ABSENT}, "old versions stay for ever"),
        ({f"{RULE_0}.filter": {"prefix": "tmp/"}}, "old versions stay for ever"),
    ],
)
def test_what_piles_up_is_named(changes: dict[str, object], found: str) -> None:
    assert [finding.found for finding in evaluate(RULE, "bucket", changes).findings] == [found]


@pytest.mark.parametrize("changes", [{"bucket-lifecycle": ABSENT}, {f"{RULE_0}.status": "Disabled"}])
def test_without_a_rule_both_pile_up(changes: dict[str, object]) -> None:
    assert len(evaluate(RULE, "bucket", changes).findings) == 2


def test_an_unversioned_bucket_has_no_old_versions() -> None:
    assert evaluate(RULE, "bucket", {"bucket-versioning": ABSENT, OLD: ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize(("expiration", "outcome"), [(None, Outcome.FAIL), ({"days": 90}, Outcome.PASS)])
def test_logs_have_to_go_some_day(expiration: object, outcome: Outcome) -> None:
    resources = resources_with({f"{RULE_0}.expiration": expiration})
    bucket = next(each for each in resources if each.name == "bucket")
    logging = resource("aws:s3/bucketLogging:BucketLogging", {"bucket": "other", "targetBucket": "tierup-tests"})
    assert RULE.evaluate(bucket, Stack((*resources, logging))).outcome is outcome


@pytest.mark.parametrize("path", ["bucket-lifecycle: rules", ABORT, OLD])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
