from __future__ import annotations

import pytest

from policies.ecs.unprivileged import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import changed, evaluated, program, router
from tests.policies.evaluation import UNKNOWN, evaluate

SYS_ADMIN = {"capabilities": {"add": ["SYS_ADMIN"]}}


@pytest.mark.parametrize("value", [False, None])
def test_unprivileged_container_passes(value: object) -> None:
    assert evaluated(RULE, changed(privileged=value)).outcome is Outcome.PASS


def test_harmless_capability_passes() -> None:
    harmless = {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}}
    assert evaluated(RULE, changed(linuxParameters=harmless)).outcome is Outcome.PASS


def test_privileged_sidecar_fails() -> None:
    verdict = evaluated(RULE, program(), {**router(), "privileged": True})
    assert [finding.path for finding in verdict.findings] == ["containerDefinitions[1] (log-router).privileged"]


@pytest.mark.parametrize("capability", ["ALL", "SYS_ADMIN"])
def test_capability_equal_to_privileged_fails(capability: str) -> None:
    verdict = evaluated(RULE, changed(linuxParameters={"capabilities": {"add": [capability]}}))
    assert [finding.found for finding in verdict.findings] == [capability]


def test_agent_with_sys_admin_passes() -> None:
    assert evaluated(RULE, program(), {**router(), "linuxParameters": SYS_ADMIN}).outcome is Outcome.PASS


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
