from __future__ import annotations

import pytest

from policies.rule import Level, Outcome
from policies.secrets.recovery_window import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("days", [7.0, 30.0, ABSENT])
def test_window_of_a_week_or_more_passes(days: object) -> None:
    assert evaluate(RULE, "jwt", {"recoveryWindowInDays": days}).outcome is Outcome.PASS


def test_immediate_deletion_fails_as_advisory() -> None:
    assert evaluate(RULE, "jwt", {"recoveryWindowInDays": 0.0}).findings[0].found == "0"
    assert RULE.level is Level.ADVISORY


def test_unknown_days_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "jwt", {"recoveryWindowInDays": UNKNOWN}).outcome is Outcome.UNKNOWN
