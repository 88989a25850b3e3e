from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.s3.encryption import ALGORITHMS, RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

DEFAULT = "rules[0].applyServerSideEncryptionByDefault"
ALGORITHM = f"bucket-encryption: {DEFAULT}.sseAlgorithm"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_algorithm_passes(algorithm: str) -> None:
    assert evaluate(RULE, "bucket", {ALGORITHM: algorithm}).outcome is Outcome.PASS


def test_bucket_without_configuration_passes_since_s3_encrypts_by_default() -> None:
    assert evaluate(RULE, "bucket", {"bucket-encryption": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize("missing", [ABSENT, None])
def test_rule_without_algorithm_fails(missing: object) -> None:
    verdict = evaluate(RULE, "bucket", {ALGORITHM: missing})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(ALGORITHM, "not set")]


def test_inline_configuration_is_evaluated() -> None:
    inline = {"rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}}
    changes = {"bucket-encryption": ABSENT, "serverSideEncryptionConfiguration": inline}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [ALGORITHM, "bucket-encryption: rules"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
