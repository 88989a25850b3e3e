from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.storage.encryption import ALGORITHMS, RULE
from tests.policies.judging import GONE, UNKNOWN, judge

DEFAULT = "rules[0].applyServerSideEncryptionByDefault"
ALGORITHM = f"bucket-encryption: {DEFAULT}.sseAlgorithm"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_of_s3s_ways_passes(algorithm: str) -> None:
    assert judge(RULE, "bucket", {ALGORITHM: algorithm}).outcome is Outcome.PASS


def test_a_bucket_that_says_nothing_fails() -> None:
    verdict = judge(RULE, "bucket", {"bucket-encryption": GONE})
    assert [finding.found for finding in verdict.findings] == ["not stated"]


@pytest.mark.parametrize("missing", [GONE, None])
def test_a_rule_without_an_algorithm_fails(missing: object) -> None:
    verdict = judge(RULE, "bucket", {ALGORITHM: missing})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(ALGORITHM, "not set")]


def test_what_the_bucket_says_itself_counts() -> None:
    inline = {"rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}}
    changes = {"bucket-encryption": GONE, "serverSideEncryptionConfiguration": inline}
    assert judge(RULE, "bucket", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [ALGORITHM, "bucket-encryption: rules"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert judge(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
