from __future__ import annotations

import pytest

from policies.ecs.restarts import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import changed, evaluated, program, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("essential", [True, None, ABSENT])
def test_essential_container_passes(essential: object) -> None:
    assert evaluated(RULE, changed(essential=essential)).outcome is Outcome.PASS


def test_container_with_restart_policy_passes() -> None:
    second = changed(name="second", essential=False, restartPolicy={"enabled": True})
    assert evaluated(RULE, program(), second).outcome is Outcome.PASS


@pytest.mark.parametrize("policy", [ABSENT, None, {"enabled": False}])
def test_non_essential_container_without_restart_policy_fails(policy: object) -> None:
    verdict = evaluated(RULE, program(), changed(name="second", essential=False, restartPolicy=policy))
    assert [finding.path for finding in verdict.findings] == ["containerDefinitions[1] (second).essential"]


def test_container_that_others_wait_for_passes() -> None:
    migration = changed(name="migration", essential=False)
    waiting = changed(dependsOn=[{"containerName": "migration", "condition": "SUCCESS"}])
    assert evaluated(RULE, migration, waiting).outcome is Outcome.PASS


def test_non_essential_sidecar_passes() -> None:
    assert evaluated(RULE, program(), {**router(), "essential": False}).outcome is Outcome.PASS


def test_task_without_a_service_is_not_applicable() -> None:
    assert evaluate(RULE, "task", {"service": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
