from __future__ import annotations

import pytest

from policies.ecs.read_only_root import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import WINDOWS, changed, evaluated, program, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_read_only_root_passes_beside_a_writable_log_router() -> None:
    assert evaluated(RULE, program(), router()).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [False, None, ABSENT])
def test_writable_root_fails(value: object) -> None:
    verdict = evaluated(RULE, changed(readonlyRootFilesystem=value))
    assert verdict.findings[0].path == "containerDefinitions[0] (api).readonlyRootFilesystem"


def test_windows_task_is_not_applicable() -> None:
    assert evaluated(RULE, program(), changes=WINDOWS).outcome is Outcome.NOT_APPLICABLE


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
