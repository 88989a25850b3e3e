"""Tests of the behaviour rows of target groups."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.elb import TARGET_GROUP
from tierup.sandbox.cloud import CloudResource

from ..account import Account


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"port": 80, "protocol": "HTTP"}, "vpcId"),
        ({"port": 80, "vpcId": "vpc-1"}, "protocol"),
        ({"targetType": "lambda", "port": 80}, "port"),
        ({"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "slowStart": 10}, "slowStart"),
        ({"port": 0, "protocol": "HTTP", "vpcId": "vpc-1"}, "port"),
        ({"port": 80, "protocol": "SMTP", "vpcId": "vpc-1"}, "protocol"),
        ({"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "targetType": "host"}, "targetType"),
        ({"port": 80, "protocol": "TCP", "vpcId": "vpc-1", "protocolVersion": "HTTP2"}, "protocolVersion"),
    ],
)
def test_invalid_target_group_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    assert [rejection.path for rejection in account.planned(TARGET_GROUP, **inputs)] == [path]


@pytest.mark.parametrize(
    ("check", "path"),
    [
        ({"path": "health"}, "healthCheck.path"),
        ({"interval": 4}, "healthCheck.interval"),
        ({"interval": 10, "timeout": 10}, "healthCheck.timeout"),
        ({"matcher": "200-599"}, "healthCheck.matcher"),
        ({"matcher": "ok"}, "healthCheck.matcher"),
        ({"protocol": "TCP"}, "healthCheck.protocol"),
        ({"port": "web"}, "healthCheck.port"),
        ({"healthyThreshold": 1}, "healthCheck.healthyThreshold"),
    ],
)
def test_invalid_health_check_is_rejected(account: Account, check: dict[str, Any], path: str) -> None:
    found = account.planned(TARGET_GROUP, port=80, protocol="HTTP", vpcId="vpc-1", healthCheck=check)
    assert [rejection.path for rejection in found] == [path]


def test_valid_health_check_is_accepted(account: Account) -> None:
    check = {"path": "/health", "matcher": "200,204", "interval": 30, "timeout": 5, "port": "traffic-port"}
    assert not account.planned(TARGET_GROUP, port=80, protocol="HTTP", vpcId="vpc-1", healthCheck=check)


def test_target_group_has_default_health_check(targets: CloudResource) -> None:
    assert targets.outputs["healthCheck"]["path"] == "/"
    assert targets.outputs["arnSuffix"].startswith(f"targetgroup/{targets.outputs['name']}/")
    assert targets.outputs["protocolVersion"] == "HTTP1"


def test_changed_inputs_replace_target_group(account: Account, targets: CloudResource) -> None:
    assert account.replaced_by(targets, port=8080) == {"port"}
    assert not account.replaced_by(targets, deregistrationDelay=10)
