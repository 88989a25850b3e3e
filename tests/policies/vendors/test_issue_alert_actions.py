from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.vendors.issue_alert_actions import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

SUBJECT = "sentry-alert"


def test_alert_with_an_action_passes() -> None:
    assert evaluate(RULE, SUBJECT).outcome is Outcome.PASS
    assert evaluate(RULE, SUBJECT, {"actions": ABSENT, "actionsV2s": [{}]}).outcome is Outcome.PASS


@pytest.mark.parametrize("actions", [[], ABSENT])
def test_alert_without_action_fails(actions: object) -> None:
    assert evaluate(RULE, SUBJECT, {"actions": actions}).outcome is Outcome.FAIL


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, SUBJECT, {"actions": UNKNOWN}).outcome is Outcome.UNKNOWN
