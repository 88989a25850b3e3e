from __future__ import annotations

import pytest

from policies.ecs.autoscaling import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_service_that_scales_passes() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


def test_service_without_autoscaling_fails() -> None:
    assert [finding.path for finding in evaluate(RULE, "service", {"scaling": ABSENT}).findings] == [
        "autoscaling target"
    ]


def test_target_without_scaling_policy_fails() -> None:
    verdict = evaluate(RULE, "service", {"scaling-cpu": ABSENT})
    assert [finding.path for finding in verdict.findings] == ["autoscaling target scaling: policy"]


def test_target_whose_maximum_equals_its_minimum_fails() -> None:
    verdict = evaluate(RULE, "service", {"scaling: maxCapacity": 2.0})
    assert [(finding.found, finding.wanted) for finding in verdict.findings] == [("2", "more than 2")]


@pytest.mark.parametrize("changes", [{"loadBalancers": ABSENT}, {"schedulingStrategy": "DAEMON"}])
def test_worker_or_a_daemon_is_not_applicable(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.NOT_APPLICABLE


def test_unknown_capacity_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {"scaling: maxCapacity": UNKNOWN}).outcome is Outcome.UNKNOWN
