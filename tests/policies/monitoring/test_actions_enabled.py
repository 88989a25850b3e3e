from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.actions_enabled import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize(
    ("enabled", "outcome"),
    [(None, Outcome.PASS), (True, Outcome.PASS), (False, Outcome.FAIL), (UNKNOWN, Outcome.UNKNOWN)],
)
def test_actions_pass_unless_they_are_disabled(enabled: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, "monitored-cpu", {"actionsEnabled": enabled}).outcome is outcome
    assert evaluate(RULE, "monitored-whole", {"actionsEnabled": enabled}).outcome is outcome


def test_alarm_without_actions_is_not_applicable() -> None:
    changes = {"alarmActions": ABSENT, "actionsEnabled": False}
    assert evaluate(RULE, "monitored-cpu", changes).outcome is Outcome.NOT_APPLICABLE
