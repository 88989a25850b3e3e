from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.secrets.key_rotation import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_key_with_rotation_passes() -> None:
    assert evaluate(RULE, "app-key").outcome is Outcome.PASS


@pytest.mark.parametrize("rotation", [False, ABSENT])
def test_key_without_rotation_fails(rotation: object) -> None:
    assert evaluate(RULE, "app-key", {"enableKeyRotation": rotation}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "kind",
    [
        {"customerMasterKeySpec": "RSA_4096"},
        {"customerMasterKeySpec": "HMAC_256"},
        {"keyUsage": "SIGN_VERIFY"},
        {"customKeyStoreId": UNKNOWN},
    ],
)
def test_key_without_support_for_rotation_is_not_applicable(kind: dict[str, str]) -> None:
    assert evaluate(RULE, "app-key", {**kind, "enableKeyRotation": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_switch_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "app-key", {"enableKeyRotation": UNKNOWN}).outcome is Outcome.UNKNOWN
