from __future__ import annotations

import pytest

from policies.ecr.kms_encryption import RULE
from policies.rule import Level, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

TYPE = "encryptionConfigurations[0].encryptionType"


@pytest.mark.parametrize("kind", ["KMS", "KMS_DSSE"])
def test_kms_key_passes(kind: str) -> None:
    assert evaluate(RULE, "images", {TYPE: kind}).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{TYPE: "AES256"}, {TYPE: ABSENT}, {"encryptionConfigurations": ABSENT}])
def test_default_encryption_fails_as_advisory(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "images", changes).outcome is Outcome.FAIL
    assert RULE.level is Level.ADVISORY


def test_unknown_type_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "images", {TYPE: UNKNOWN}).outcome is Outcome.UNKNOWN
