from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.storage.encryption import ALGORITHMS, RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

DEFAULT = "rules[0].applyServerSideEncryptionByDefault"
ALGORITHM = f"bucket-encryption: {DEFAULT}.sseAlgorithm"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_of_s3s_ways_passes(algorithm: str) -> None:
    assert evaluate(RULE, "bucket", {ALGORITHM: algorithm}).outcome is Outcome.PASS


def test_a_bucket_that_says_nothing_fails() -> None:
    verdict = evaluate(RULE, "bucket", {"bucket-encryption": ABSENT})
    assert [finding.found for finding in verdict.findings] == ["not stated"]


@pytest.mark.parametrize("missing", [ABSENT, None])
def test_a_rule_without_an_algorithm_fails(missing: object) -> None:
    verdict = evaluate(RULE, "bucket", {ALGORITHM: missing})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(ALGORITHM, "not set")]


def test_what_the_bucket_says_itself_counts() -> None:
    inline = {"rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}}
    changes = {"bucket-encryption": ABSENT, "serverSideEncryptionConfiguration": inline}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [ALGORITHM, "bucket-encryption: rules"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
