from __future__ import annotations

import pytest

from policies.ecs.definitions import TASK_DEFINITION
from policies.ecs.separate_roles import ROLE_TYPE, RULE
from policies.rule import Outcome, Resource, Stack
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, urn

EXECUTION = "arn:aws:iam::111122223333:role/execution"


def planned(task_role: str, execution_role: str) -> Resource:
    """Return a task at preview, when its roles are known but their ARNs are not."""
    return Resource(
        TASK_DEFINITION,
        "task",
        urn(TASK_DEFINITION, "task"),
        from_state({"taskRoleArn": UNKNOWN, "executionRoleArn": UNKNOWN}),
        references={
            # a role policy that must be created first is also a reference
            "taskRoleArn": frozenset({urn(ROLE_TYPE, task_role), urn("aws:iam/rolePolicy:RolePolicy", "permissions")}),
            "executionRoleArn": frozenset({urn(ROLE_TYPE, execution_role)}),
        },
    )


def test_two_roles_pass() -> None:
    assert evaluate(RULE, "task").outcome is Outcome.PASS


def test_shared_role_fails() -> None:
    assert evaluate(RULE, "task", {"taskRoleArn": EXECUTION}).findings[0].found == "the execution role"


@pytest.mark.parametrize("key", ["taskRoleArn", "executionRoleArn"])
def test_missing_role_passes(key: str) -> None:
    assert evaluate(RULE, "task", {key: ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize(("execution", "outcome"), [("a", Outcome.FAIL), ("b", Outcome.PASS)])
def test_references_identify_roles_at_preview(execution: str, outcome: Outcome) -> None:
    assert RULE.evaluate(planned("a", execution), Stack(())).outcome is outcome


def test_unknown_role_without_references_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "task", {"taskRoleArn": UNKNOWN}).outcome is Outcome.UNKNOWN
