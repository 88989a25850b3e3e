"""Tests of target groups: health check and stickiness."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pulumi import ResourceOptions

from components.alb.target_group import TargetSettings, check_name_length, target_group
from tests.engine_recorder import Recorded, record

SETTINGS = TargetSettings(port=5000)


def recorded(settings: TargetSettings) -> Recorded:
    recording = record(
        lambda: target_group("api-a", settings, vpc_id="vpc-1", tags={"Stack": "dev"}, child=ResourceOptions())
    )
    return recording.one("aws:lb/targetGroup:TargetGroup")


def test_target_group_has_ip_targets_and_a_health_check() -> None:
    inputs = recorded(SETTINGS).inputs

    assert (inputs["targetType"], inputs["protocol"], inputs["port"], inputs["vpcId"]) == ("ip", "HTTP", 5000, "vpc-1")
    assert inputs["stickiness"] == {"type": "lb_cookie", "enabled": False}
    assert inputs["healthCheck"]["timeout"] < inputs["healthCheck"]["interval"], "AWS requires it"
    assert inputs["tags"] == {"Stack": "dev", "Name": "api-a"}


def test_target_stickiness_uses_a_cookie() -> None:
    inputs = recorded(replace(SETTINGS, sticky_seconds=3600)).inputs

    assert inputs["stickiness"] == {"type": "lb_cookie", "enabled": True, "cookieDuration": 3600}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"port": 0}, r"port: out of range \(got 0\)\. Set 1 to 65535"),
        ({"health_check_path": "health"}, r"health_check_path: not a path \(got 'health'\)"),
        (
            {"deregistration_delay_seconds": 3601},
            r"deregistration_delay_seconds: out of range \(got 3601\)\. Set 0 to 3600",
        ),
        ({"sticky_seconds": 0}, r"sticky_seconds: out of range \(got 0\)\. Set 1 to 604800"),
    ],
)
def test_invalid_settings_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(SETTINGS, **change)


def test_name_that_is_too_long_for_aws_is_rejected() -> None:
    check_name_length("a" * 14, "-alternate")
    with pytest.raises(ValueError, match=r"name: too long \(got 'a{15}'\)\. Use at most 14 characters"):
        check_name_length("a" * 15, "-alternate")


def test_health_check_codes_are_those_that_the_load_balancer_accepts() -> None:
    checked = recorded(TargetSettings(port=5000, health_check_codes="200,401"))
    assert checked.inputs["healthCheck"]["matcher"] == "200,401"
    assert recorded(SETTINGS).inputs["healthCheck"]["matcher"] == "200"


@pytest.mark.parametrize("codes", ["", "500", "200 401", "2xx"])
def test_other_health_check_codes_are_rejected(codes: str) -> None:
    with pytest.raises(ValueError, match="health_check_codes: not status codes"):
        TargetSettings(port=5000, health_check_codes=codes)
