from __future__ import annotations

import pytest

from policies.ecs.health_checks import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import changed, evaluated, program, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

UNBALANCED = {"service: loadBalancers": ABSENT}


def test_task_behind_a_load_balancer_is_not_applicable() -> None:
    assert evaluated(RULE, changed(healthCheck=ABSENT)).outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.NOT_APPLICABLE


def test_container_health_check_without_a_load_balancer_passes() -> None:
    assert evaluated(RULE, program(), router(), changes=UNBALANCED).outcome is Outcome.PASS


@pytest.mark.parametrize("check", [ABSENT, None, {"command": []}])
def test_service_without_any_health_check_fails(check: object) -> None:
    verdict = evaluated(RULE, changed(healthCheck=check), changes=UNBALANCED)
    assert [finding.path for finding in verdict.findings] == ["containerDefinitions[0] (api).healthCheck"]


def test_worker_without_ports_is_not_applicable() -> None:
    worker = changed(healthCheck=ABSENT, portMappings=ABSENT)
    assert evaluated(RULE, worker, changes=UNBALANCED).outcome is Outcome.NOT_APPLICABLE


def test_task_without_a_service_is_not_applicable() -> None:
    assert evaluate(RULE, "task", {"service": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "changes", [{"service: loadBalancers": UNKNOWN}, {**UNBALANCED, "containerDefinitions": UNKNOWN}]
)
def test_unknown_values_evaluate_to_unknown(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "task", changes).outcome is Outcome.UNKNOWN
