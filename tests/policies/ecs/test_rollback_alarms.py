from __future__ import annotations

import pytest

from policies.ecs.rollback_alarms import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_alarms_that_roll_back_pass() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


def test_names_not_known_yet_pass_since_they_are_given() -> None:
    assert evaluate(RULE, "service", {"alarms.alarmNames": UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("alarms", [ABSENT, {"enable": True, "rollback": True}])
def test_no_alarms_fail(alarms: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "service", {"alarms": alarms}).findings] == ["alarms.alarmNames"]


@pytest.mark.parametrize("key", ["enable", "rollback"])
def test_alarms_that_only_watch_fail(key: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "service", {f"alarms.{key}": False}).findings] == [
        f"alarms.{key}"
    ]


@pytest.mark.parametrize("changes", [{"loadBalancers": ABSENT}, {"deploymentController": {"type": "CODE_DEPLOY"}}])
def test_a_service_without_callers_or_not_deployed_by_ecs_is_not_applicable(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.NOT_APPLICABLE


def test_unknown_switch_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {"alarms.rollback": UNKNOWN}).outcome is Outcome.UNKNOWN
