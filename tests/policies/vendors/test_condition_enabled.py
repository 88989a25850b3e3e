from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.vendors.condition_enabled import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

SUBJECT = "newrelic-condition"


@pytest.mark.parametrize("enabled", [True, ABSENT])  # enabled by default
def test_enabled_condition_passes(enabled: object) -> None:
    assert evaluate(RULE, SUBJECT, {"enabled": enabled}).outcome is Outcome.PASS


def test_disabled_condition_fails() -> None:
    assert evaluate(RULE, SUBJECT, {"enabled": False}).outcome is Outcome.FAIL


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, SUBJECT, {"enabled": UNKNOWN}).outcome is Outcome.UNKNOWN
