"""Tests of deployments: strategies, rollback alarms and rollback detection."""

from __future__ import annotations

from typing import Any

import pytest

from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy, check_not_rolled_back

TRAFFIC = BlueGreenTraffic(
    alternate_target_group_arn="arn:second", production_rule_arn="arn:rule", role_arn="arn:aws:iam::1:role/blue-green"
)
BLUE_GREEN, CANARY, LINEAR = DeploymentStrategy.BLUE_GREEN, DeploymentStrategy.CANARY, DeploymentStrategy.LINEAR


def test_rolling_deployment_sets_no_configuration_and_alarms() -> None:
    deployment = Deployment()

    assert (deployment.configuration(), deployment.alarms()) == (None, None)


def test_rolling_strategy_is_explicit_with_traffic() -> None:
    assert Deployment(traffic=TRAFFIC).configuration() == {"strategy": "ROLLING"}


def test_blue_green_sets_bake_time_and_timeouts() -> None:
    deployment = Deployment(strategy=BLUE_GREEN, traffic=TRAFFIC, bake_minutes=15)
    timeouts = deployment.timeouts()

    assert deployment.configuration() == {"strategy": "BLUE_GREEN", "bake_time_in_minutes": "15"}
    assert (timeouts.create, timeouts.update) == ("55m", "55m")


@pytest.mark.parametrize(
    ("strategy", "percent", "configuration", "minutes"),
    [
        ("CANARY", 5, {"canary_configuration": {"canary_percent": 5, "canary_bake_time_in_minutes": "7"}}, 40 + 7 + 10),
        ("LINEAR", 30, {"linear_configuration": {"step_percent": 30, "step_bake_time_in_minutes": "7"}}, 40 + 21 + 10),
        ("LINEAR", 100, {"linear_configuration": {"step_percent": 100, "step_bake_time_in_minutes": "7"}}, 40 + 10),
    ],
)
def test_steps_have_a_percentage_and_a_bake_time(
    strategy: str, percent: int, configuration: dict[str, Any], minutes: int
) -> None:
    deployment = Deployment(
        strategy=DeploymentStrategy(strategy), traffic=TRAFFIC, bake_minutes=10, step_percent=percent, step_minutes=7
    )

    assert deployment.configuration() == {"strategy": strategy, "bake_time_in_minutes": "10", **configuration}
    assert deployment.timeouts().update == f"{minutes}m"


def test_rollback_alarms_are_enabled() -> None:
    assert Deployment(rollback_alarm_names=("errors",)).alarms() == {
        "alarm_names": ["errors"],
        "enable": True,
        "rollback": True,
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"bake_minutes": 5}, r"bake_minutes: not supported by strategy ROLLING \(got 5\)\. Set 0"),
        ({"step_percent": 10}, r"step_percent, step_minutes: not supported by strategy ROLLING \(got 10, 0\)"),
        ({"strategy": BLUE_GREEN, "step_minutes": 5}, r"not supported by strategy BLUE_GREEN \(got None, 5\)"),
        ({"strategy": LINEAR, "step_percent": 2}, r"out of range for strategy LINEAR \(got 2\)\. Set 3 to 100"),
        ({"strategy": CANARY, "step_percent": 0}, r"out of range for strategy CANARY \(got 0\)\. Set 1 to 100"),
        ({"strategy": CANARY}, r"step_percent: out of range for strategy CANARY \(got None\)"),
        ({"strategy": CANARY, "step_percent": 5, "step_minutes": 1441}, r"step_minutes: out of range \(got 1441\)"),
        ({"strategy": BLUE_GREEN, "bake_minutes": 1441}, r"bake_minutes: out of range \(got 1441\)\. Set 0 to 1440"),
    ],
)
def test_invalid_deployments_are_rejected(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Deployment(**given)


def test_rolled_back_deployment_raises() -> None:
    assert check_not_rolled_back(running="task:2", desired="task:2", log_group="logs") == "task:2"
    with pytest.raises(RuntimeError, match=r"ECS rolled the deployment of task:2 back.*\(got task:1\)"):
        check_not_rolled_back(running="task:1", desired="task:2", log_group="logs")


def test_rolling_deployment_has_time_for_a_rollback() -> None:
    timeouts = Deployment().timeouts()

    assert (timeouts.create, timeouts.update) == ("40m", "40m")
