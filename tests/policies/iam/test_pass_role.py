from __future__ import annotations

import json
from typing import Any

import pytest

from policies.iam.pass_role import RULE
from policies.rule import Outcome, Verdict
from tests.policies.evaluation import UNKNOWN, evaluate
from tests.policies.iam.compliant import statement


def allowing(**elements: Any) -> Verdict:
    return evaluate(RULE, "rights", {"policy": json.dumps(statement(**elements))})


def test_named_roles_pass() -> None:
    assert evaluate(RULE, "rights").outcome is Outcome.PASS
    assert allowing(Action="iam:PassRole", Resource="arn:aws:iam::1:role/shop-*").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "resource", ["*", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/*", "arn:aws:iam::1:*", "arn:aws:*"]
)
@pytest.mark.parametrize("action", ["iam:PassRole", "iam:*", ["ecs:RunTask", "iam:Pass*"]])
def test_all_roles_fail(action: object, resource: str) -> None:
    assert allowing(Action=action, Resource=resource).findings[0].found == "iam:PassRole with any role"


def test_all_roles_with_a_service_condition_pass() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    assert allowing(Action="iam:PassRole", Resource="*", Condition=condition).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "elements",
    [{"Action": "iam:GetRole"}, {"Effect": "Deny", "Action": "iam:PassRole"}, {"Action": "*"}, {"NotAction": "s3:*"}],
)
def test_a_statement_without_pass_role_or_with_all_actions_passes(elements: dict[str, str]) -> None:
    assert allowing(**elements, Resource="*").outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_role_without_inline_policies() -> None:
    assert evaluate(RULE, "deployer").outcome is Outcome.NOT_APPLICABLE


def test_an_unknown_policy_does_not_pass() -> None:
    assert evaluate(RULE, "rights", {"policy": UNKNOWN}).outcome is Outcome.UNKNOWN
