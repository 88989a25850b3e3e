from __future__ import annotations

import pytest

from policies.ecs.non_root_user import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import WINDOWS, changed, evaluated, program, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("user", ["1000:1000", "node", "1000", "node:0"])
def test_non_root_user_passes(user: str) -> None:
    assert evaluated(RULE, changed(user=user)).outcome is Outcome.PASS


@pytest.mark.parametrize("user", ["root", "0", "0:0", "root:node"])
def test_root_user_fails(user: str) -> None:
    assert evaluated(RULE, changed(user=user)).findings[0].found == "root"


@pytest.mark.parametrize("user", [ABSENT, "", None])
def test_missing_user_fails(user: object) -> None:
    assert "the image decides" in evaluated(RULE, changed(user=user)).findings[0].found


def test_root_log_router_passes() -> None:
    assert evaluated(RULE, program(), router()).outcome is Outcome.PASS


def test_windows_task_is_not_applicable() -> None:
    assert evaluated(RULE, program(), changes=WINDOWS).outcome is Outcome.NOT_APPLICABLE


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
