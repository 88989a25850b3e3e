from __future__ import annotations

from typing import Any

import pytest

from policies.load_balancer.health_check import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_health_check_with_path_passes() -> None:
    assert evaluate(RULE, "targets").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        {"healthCheck.interval": ABSENT, "healthCheck.unhealthyThreshold": ABSENT},
        {"healthCheck.interval": 60.0, "healthCheck.unhealthyThreshold": 5.0},
        {"healthCheck.enabled": True},
        {"healthCheck.path": "/"},
        {"protocol": "HTTPS"},
    ],
)
def test_aws_defaults_and_limits_pass(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "targets", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"healthCheck": ABSENT}, [("healthCheck.path", 'not set (AWS defaults to "/")')]),
        ({"healthCheck.path": ABSENT}, [("healthCheck.path", 'not set (AWS defaults to "/")')]),
        ({"healthCheck.path": ""}, [("healthCheck.path", 'not set (AWS defaults to "/")')]),
        ({"healthCheck.enabled": False}, [("healthCheck.enabled", "false")]),
        ({"healthCheck.interval": 61.0}, [("healthCheck.interval", "61")]),
        ({"healthCheck.unhealthyThreshold": 6.0}, [("healthCheck.unhealthyThreshold", "6")]),
    ],
)
def test_missing_or_slow_health_check_fails(changes: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert [(finding.path, finding.found) for finding in evaluate(RULE, "targets", changes).findings] == found


def test_limits_are_configurable() -> None:
    parameters = {"maximumInterval": 10, "maximumFailures": 2}
    assert [finding.wanted for finding in evaluate(RULE, "targets", parameters=parameters).findings] == [
        "10 seconds or fewer",
        "2 consecutive failed checks or fewer",
    ]


@pytest.mark.parametrize(
    "changes",
    [{"protocol": "TCP"}, {"protocol": "GENEVE"}, {"protocol": ABSENT}, {"targetType": "lambda"}],
)
def test_groups_without_http_are_not_applicable(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "targets", {**changes, "healthCheck": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["protocol", "healthCheck", "healthCheck.path", "healthCheck.interval"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "targets", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
