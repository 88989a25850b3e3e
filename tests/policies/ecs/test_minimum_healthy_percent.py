from __future__ import annotations

import pytest

from policies.ecs.minimum_healthy_percent import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

PERCENT = "deploymentMinimumHealthyPercent"


def test_full_capacity_passes() -> None:
    assert evaluate(RULE, "service", {PERCENT: 100.0}).outcome is Outcome.PASS


def test_aws_default_passes() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


@pytest.mark.parametrize("percent", [50.0, 0.0])
def test_reduced_capacity_fails(percent: float) -> None:
    assert evaluate(RULE, "service", {PERCENT: percent}).findings[0].wanted == "100 or more"


def test_minimum_is_configurable() -> None:
    assert evaluate(RULE, "service", {PERCENT: 50.0}, parameters={"minimumHealthyPercent": 50}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [{"loadBalancers": ABSENT}, {"schedulingStrategy": "DAEMON"}, {"deploymentController": {"type": "CODE_DEPLOY"}}],
)
def test_worker_a_daemon_and_codedeploy_are_not_applicable(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "service", {**changes, PERCENT: 0.0}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_number_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {PERCENT: UNKNOWN}).outcome is Outcome.UNKNOWN
