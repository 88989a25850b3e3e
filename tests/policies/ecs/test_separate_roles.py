from __future__ import annotations

import pytest

from policies.ecs.definitions import TASK_DEFINITION
from policies.ecs.separate_roles import ROLE_TYPE, RULE
from policies.rule import Outcome, Resource, Stack
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, urn

EXECUTION = "arn:aws:iam::111122223333:role/execution"


def planned(task_role: str, execution_role: str) -> Resource:
    """A task at preview: which roles it gets is known, their ARNs are not."""
    return Resource(
        TASK_DEFINITION,
        "task",
        urn(TASK_DEFINITION, "task"),
        from_state({"taskRoleArn": UNKNOWN, "executionRoleArn": UNKNOWN}),
        references={
            # a right that must stand first flows in, too
            "taskRoleArn": frozenset({urn(ROLE_TYPE, task_role), urn("aws:iam/rolePolicy:RolePolicy", "rights")}),
            "executionRoleArn": frozenset({urn(ROLE_TYPE, execution_role)}),
        },
    )


def test_two_roles_pass() -> None:
    assert evaluate(RULE, "task").outcome is Outcome.PASS


def test_one_role_for_both_fails() -> None:
    assert evaluate(RULE, "task", {"taskRoleArn": EXECUTION}).findings[0].found == "the execution role"


@pytest.mark.parametrize("key", ["taskRoleArn", "executionRoleArn"])
def test_a_role_that_is_not_there_is_not_shared(key: str) -> None:
    assert evaluate(RULE, "task", {key: ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize(("execution", "outcome"), [("a", Outcome.FAIL), ("b", Outcome.PASS)])
def test_at_preview_the_data_flow_tells(execution: str, outcome: Outcome) -> None:
    assert RULE.evaluate(planned("a", execution), Stack(())).outcome is outcome


def test_a_role_that_nothing_tells_of_is_not_a_pass() -> None:
    assert evaluate(RULE, "task", {"taskRoleArn": UNKNOWN}).outcome is Outcome.UNKNOWN
