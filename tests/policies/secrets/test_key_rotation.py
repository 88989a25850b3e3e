from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.secrets.key_rotation import RULE
from tests.policies.judging import GONE, UNKNOWN, judge


def test_a_key_that_rotates_passes() -> None:
    assert judge(RULE, "app-key").outcome is Outcome.PASS


@pytest.mark.parametrize("rotation", [False, GONE])
def test_a_key_that_does_not_fails(rotation: object) -> None:
    assert judge(RULE, "app-key", {"enableKeyRotation": rotation}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "kind",
    [
        {"customerMasterKeySpec": "RSA_4096"},
        {"customerMasterKeySpec": "HMAC_256"},
        {"keyUsage": "SIGN_VERIFY"},
        {"customKeyStoreId": UNKNOWN},
    ],
)
def test_a_key_that_kms_cannot_rotate_is_not_judged(kind: dict[str, str]) -> None:
    assert judge(RULE, "app-key", {**kind, "enableKeyRotation": GONE}).outcome is Outcome.NOT_APPLICABLE


def test_a_switch_not_known_yet_is_not_a_pass() -> None:
    assert judge(RULE, "app-key", {"enableKeyRotation": UNKNOWN}).outcome is Outcome.UNKNOWN
