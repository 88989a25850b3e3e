from __future__ import annotations

import pytest

from policies.ecs.insights import RULE
from policies.rule import Level, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("value", ["enabled", "enhanced"])
def test_insights_of_either_kind_pass(value: str) -> None:
    assert evaluate(RULE, "cluster", {"settings[0].value": value}).outcome is Outcome.PASS


def test_insights_turned_off_fail() -> None:
    assert evaluate(RULE, "cluster", {"settings[0].value": "disabled"}).findings[0].found == '"disabled"'


@pytest.mark.parametrize("settings", [ABSENT, [], [{"name": "other", "value": "enabled"}]])
def test_a_cluster_that_does_not_ask_for_them_fails(settings: object) -> None:
    assert evaluate(RULE, "cluster", {"settings": settings}).outcome is Outcome.FAIL


def test_it_is_advice_since_it_costs() -> None:
    assert RULE.level is Level.ADVISORY


def test_unknown_setting_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "cluster", {"settings[0].value": UNKNOWN}).outcome is Outcome.UNKNOWN
