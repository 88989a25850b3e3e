"""Deployments: rolling as before, blue/green when asked, undone by alarms, and noticed when undone."""

from __future__ import annotations

from typing import Any

import pytest

from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy, kept

TRAFFIC = BlueGreenTraffic(
    alternate_target_group_arn="arn:second", production_rule_arn="arn:rule", role_arn="arn:aws:iam::1:role/shift"
)
BLUE_GREEN = DeploymentStrategy.BLUE_GREEN


def test_a_rolling_deployment_says_nothing_that_was_not_said_before() -> None:
    deployment = Deployment()

    assert (deployment.configuration(), deployment.alarms(), deployment.timeouts()) == (None, None, None)


def test_a_service_that_goes_back_to_rolling_says_so() -> None:
    assert Deployment(traffic=TRAFFIC).configuration() == {"strategy": "ROLLING"}


def test_blue_green_bakes_and_is_waited_for_long_enough() -> None:
    deployment = Deployment(strategy=BLUE_GREEN, traffic=TRAFFIC, bake_minutes=15)
    timeouts = deployment.timeouts()

    assert deployment.configuration() == {"strategy": "BLUE_GREEN", "bake_time_in_minutes": "15"}
    assert timeouts is not None
    assert (timeouts.create, timeouts.update) == ("55m", "55m")


def test_alarms_undo_a_deployment() -> None:
    assert Deployment(rollback_alarm_names=("errors",)).alarms() == {
        "alarm_names": ["errors"],
        "enable": True,
        "rollback": True,
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"bake_minutes": 5}, "bake_minutes: got 5 with ROLLING, allowed 0"),
        ({"strategy": BLUE_GREEN, "bake_minutes": 1441}, "bake_minutes: got 1441, allowed 0 to 1440"),
    ],
)
def test_wrong_deployments_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Deployment(**given)


def test_what_ecs_rolled_back_is_no_success() -> None:
    assert kept(running="task:2", wanted="task:2", log_group="logs") == "task:2"
    with pytest.raises(RuntimeError, match="ECS rolled the deployment of task:2 back to task:1"):
        kept(running="task:1", wanted="task:2", log_group="logs")
