from __future__ import annotations

import pytest

from policies.ecs.rollback_alarms import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_alarms_with_rollback_pass() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


def test_unknown_alarm_names_pass() -> None:
    assert evaluate(RULE, "service", {"alarms.alarmNames": UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("alarms", [ABSENT, {"enable": True, "rollback": True}])
def test_service_without_alarms_fails(alarms: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "service", {"alarms": alarms}).findings] == ["alarms.alarmNames"]


@pytest.mark.parametrize("key", ["enable", "rollback"])
def test_alarms_without_rollback_fail(key: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "service", {f"alarms.{key}": False}).findings] == [
        f"alarms.{key}"
    ]


@pytest.mark.parametrize("changes", [{"loadBalancers": ABSENT}, {"deploymentController": {"type": "CODE_DEPLOY"}}])
def test_service_without_load_balancer_or_ecs_deployment_is_not_applicable(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.NOT_APPLICABLE


def test_unknown_rollback_setting_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {"alarms.rollback": UNKNOWN}).outcome is Outcome.UNKNOWN
