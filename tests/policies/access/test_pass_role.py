from __future__ import annotations

import json
from typing import Any

import pytest

from policies.access.pass_role import RULE
from policies.rule import Outcome, Verdict
from tests.policies.access.compliant import statement
from tests.policies.evaluation import UNKNOWN, evaluate


def allowing(**elements: Any) -> Verdict:
    return evaluate(RULE, "rights", {"policy": json.dumps(statement(**elements))})


def test_named_roles_pass() -> None:
    assert evaluate(RULE, "rights").outcome is Outcome.PASS
    assert allowing(Action="iam:PassRole", Resource="arn:aws:iam::1:role/shop-*").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "resource", ["*", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/*", "arn:aws:iam::1:*"]
)
@pytest.mark.parametrize("action", ["iam:PassRole", "iam:*", ["ecs:RunTask", "iam:Pass*"]])
def test_any_role_fails(action: object, resource: str) -> None:
    assert allowing(Action=action, Resource=resource).findings[0].found == "iam:PassRole with any role"


def test_any_role_for_one_service_passes() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    assert allowing(Action="iam:PassRole", Resource="*", Condition=condition).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "rights",
    [{"Action": "iam:GetRole"}, {"Effect": "Deny", "Action": "iam:PassRole"}, {"Action": "*"}, {"NotAction": "s3:*"}],
)
def test_what_does_not_pass_roles_or_is_the_other_rules_affair_passes(rights: dict[str, str]) -> None:
    assert allowing(**rights, Resource="*").outcome is Outcome.PASS


def test_a_role_without_policies_in_it_is_not_evaluated() -> None:
    assert evaluate(RULE, "deployer").outcome is Outcome.NOT_APPLICABLE


def test_a_policy_not_known_yet_is_not_a_pass() -> None:
    assert evaluate(RULE, "rights", {"policy": UNKNOWN}).outcome is Outcome.UNKNOWN
