"""Target groups: health checks, draining, and clients kept to their task."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pulumi import ResourceOptions

from components.alb.target_group import TargetSettings, check_name_fits, target_group
from tests.engine_recorder import Recorded, record

SETTINGS = TargetSettings(port=5000)


def made(settings: TargetSettings) -> Recorded:
    recording = record(
        lambda: target_group("api-a", settings, vpc_id="vpc-1", tags={"Stack": "dev"}, child=ResourceOptions())
    )
    return recording.one("aws:lb/targetGroup:TargetGroup")


def test_tasks_are_targets_by_address_while_they_answer_200() -> None:
    inputs = made(SETTINGS).inputs

    assert (inputs["targetType"], inputs["protocol"], inputs["port"], inputs["vpcId"]) == ("ip", "HTTP", 5000, "vpc-1")
    assert inputs["stickiness"] == {"type": "lb_cookie", "enabled": False}
    assert inputs["healthCheck"]["timeout"] < inputs["healthCheck"]["interval"], "AWS refuses it otherwise"
    assert inputs["tags"] == {"Stack": "dev", "Name": "api-a"}


def test_clients_stay_with_their_task_when_asked() -> None:
    inputs = made(replace(SETTINGS, sticky_seconds=3600)).inputs

    assert inputs["stickiness"] == {"type": "lb_cookie", "enabled": True, "cookieDuration": 3600}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"port": 0}, "port: got 0, allowed 1 to 65535"),
        ({"health_check_path": "health"}, "health_check_path: got 'health'"),
        ({"deregistration_delay_seconds": 3601}, "deregistration_delay_seconds: got 3601, allowed 0 to 3600"),
        ({"sticky_seconds": 0}, "sticky_seconds: got 0, allowed 1 to 604800"),
    ],
)
def test_wrong_settings_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(SETTINGS, **change)


def test_a_name_that_aws_would_refuse_is_refused_first() -> None:
    check_name_fits("a" * 14, "-alternate")
    with pytest.raises(ValueError, match=r"name: got 'a{15}', allowed 14 characters or fewer"):
        check_name_fits("a" * 15, "-alternate")
