from __future__ import annotations

import pytest

from policies.image.customer_key import RULE
from policies.rule import Level, Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

TYPE = "encryptionConfigurations[0].encryptionType"


@pytest.mark.parametrize("kind", ["KMS", "KMS_DSSE"])
def test_a_kms_key_passes(kind: str) -> None:
    assert judge(RULE, "images", {TYPE: kind}).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{TYPE: "AES256"}, {TYPE: GONE}, {"encryptionConfigurations": GONE}])
def test_ecrs_own_key_fails_as_advice(changes: dict[str, object]) -> None:
    assert judge(RULE, "images", changes).outcome is Outcome.FAIL
    assert RULE.level is Level.ADVISORY


def test_a_kind_not_known_yet_is_not_a_pass() -> None:
    assert judge(RULE, "images", {TYPE: UNKNOWN}).outcome is Outcome.UNKNOWN
