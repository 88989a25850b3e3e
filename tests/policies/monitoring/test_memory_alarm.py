from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.memory_alarm import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ALARM = "monitored-memory"


@pytest.mark.parametrize(("threshold", "outcome"), [(80, Outcome.PASS), (81, Outcome.FAIL), (UNKNOWN, Outcome.UNKNOWN)])
def test_alarm_must_fire_at_the_limit(threshold: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, "service", {f"{ALARM}: threshold": threshold}).outcome is outcome


@pytest.mark.parametrize("changes", [{ALARM: ABSENT}, {f"{ALARM}: dimensions.ServiceName": "other"}])
def test_missing_alarm_fails(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.FAIL


def test_worker_is_evaluated() -> None:
    assert evaluate(RULE, "service", {"loadBalancers": ABSENT, ALARM: ABSENT}).outcome is Outcome.FAIL


def test_limit_is_configurable() -> None:
    assert evaluate(RULE, "service", parameters={"memoryPercent": 90}).outcome is Outcome.PASS
    assert evaluate(RULE, "service", parameters={"memoryPercent": 60}).outcome is Outcome.FAIL
