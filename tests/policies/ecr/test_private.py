from __future__ import annotations

import json

import pytest

from policies.ecr.private import POLICIES, RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate, resource
from tests.policies.iam.compliant import statement


def test_named_account_passes() -> None:
    assert evaluate(RULE, "images-policy").outcome is Outcome.PASS


def test_organization_condition_passes() -> None:
    policy = statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    assert evaluate(RULE, "images-policy", {"policy": json.dumps(policy)}).outcome is Outcome.PASS


@pytest.mark.parametrize("type_", POLICIES)
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_any_principal_fails(type_: str, principal: object) -> None:
    policy = json.dumps(statement(Principal=principal, Action="ecr:BatchGetImage"))
    assert RULE.evaluate(resource(type_, {"policy": policy})).findings[0].found == "anyone (*)"


@pytest.mark.parametrize("policy", [UNKNOWN, "not json"])
def test_unreadable_policy_evaluates_to_unknown(policy: str) -> None:
    assert evaluate(RULE, "images-policy", {"policy": policy}).outcome is Outcome.UNKNOWN
