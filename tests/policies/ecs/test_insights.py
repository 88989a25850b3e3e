from __future__ import annotations

import pytest

from policies.ecs.insights import RULE
from policies.rule import Level, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("value", ["enabled", "enhanced"])
def test_enabled_and_enhanced_insights_pass(value: str) -> None:
    assert evaluate(RULE, "cluster", {"settings[0].value": value}).outcome is Outcome.PASS


def test_disabled_insights_fail() -> None:
    assert evaluate(RULE, "cluster", {"settings[0].value": "disabled"}).findings[0].found == '"disabled"'


@pytest.mark.parametrize("settings", [ABSENT, [], [{"name": "other", "value": "enabled"}]])
def test_cluster_without_the_setting_fails(settings: object) -> None:
    assert evaluate(RULE, "cluster", {"settings": settings}).outcome is Outcome.FAIL


def test_rule_is_advisory_because_insights_cost_money() -> None:
    assert RULE.level is Level.ADVISORY


def test_unknown_setting_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "cluster", {"settings[0].value": UNKNOWN}).outcome is Outcome.UNKNOWN
