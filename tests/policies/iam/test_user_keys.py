from __future__ import annotations

import pytest

from policies.iam.user_keys import LOGIN, RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def test_an_inactive_key_passes() -> None:
    assert evaluate(RULE, "retired-key").outcome is Outcome.PASS


@pytest.mark.parametrize("status", ["Active", ABSENT])
def test_an_active_key_fails(status: object) -> None:
    assert evaluate(RULE, "retired-key", {"status": status}).outcome is Outcome.FAIL


def test_a_password_fails_and_is_not_shown() -> None:
    verdict = RULE.evaluate(resource(LOGIN, {"user": "somebody", "password": "canary-7f3a9c"}))
    assert verdict.outcome is Outcome.FAIL
    assert "canary" not in repr(verdict)


def test_an_unknown_status_does_not_pass() -> None:
    assert evaluate(RULE, "retired-key", {"status": UNKNOWN}).outcome is Outcome.UNKNOWN
