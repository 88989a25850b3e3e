from __future__ import annotations

import pytest

from policies.ecs.process_manager import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import WINDOWS, changed, evaluated, program, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("seconds", [10, 30, 120, None, ABSENT])
def test_init_process_with_stop_timeout_passes(seconds: object) -> None:
    assert evaluated(RULE, changed(stopTimeout=seconds)).outcome is Outcome.PASS


@pytest.mark.parametrize("parameters", [ABSENT, None, {}, {"initProcessEnabled": False}])
def test_container_without_init_process_fails(parameters: object) -> None:
    verdict = evaluated(RULE, changed(linuxParameters=parameters))
    assert verdict.findings[0].path == "containerDefinitions[0] (api).linuxParameters.initProcessEnabled"


def test_short_stop_timeout_fails_and_minimum_is_configurable() -> None:
    assert evaluated(RULE, changed(stopTimeout=2)).findings[0].found == "2"
    assert evaluated(RULE, program(), parameters={"minimumStopSeconds": 60}).findings[0].found == "not set"


def test_sidecar_init_is_not_evaluated() -> None:
    assert evaluated(RULE, program(), router()).outcome is Outcome.PASS


def test_windows_task_is_not_applicable() -> None:
    assert evaluated(RULE, program(), changes=WINDOWS).outcome is Outcome.NOT_APPLICABLE


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
