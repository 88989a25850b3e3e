from __future__ import annotations

import json
from typing import Any

import pytest

from policies.rule import Outcome, Verdict
from policies.secrets.key_policy import RULE
from policies.secrets.keys import WITH_POLICY
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource
from tests.policies.iam.compliant import statement


def for_everyone(**conditions: Any) -> Verdict:
    policy = statement(Principal={"AWS": "*"}, Action="kms:*", Resource="*", Condition=conditions)
    return evaluate(RULE, "app-key", {"policy": json.dumps(policy)})


def test_key_for_the_account_through_a_service_passes() -> None:
    assert evaluate(RULE, "app-key").outcome is Outcome.PASS


def test_default_key_policy_passes() -> None:
    assert evaluate(RULE, "app-key", {"policy": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize("conditions", [{}, {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}])
def test_key_for_anyone_fails(conditions: dict[str, Any]) -> None:
    assert for_everyone(**conditions).findings[0].found == "anyone (*)"


@pytest.mark.parametrize("type_", WITH_POLICY)
def test_policy_fails_in_every_resource_type(type_: str) -> None:
    policy = json.dumps(statement(Principal="*", Action="kms:*", Resource="*"))
    assert RULE.evaluate(resource(type_, {"policy": policy})).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "policy",
    [UNKNOWN, "not json", '{"Statement": ["text"]}', '{"Statement": "text"}', '{"Statement": [{"Condition": "text"}]}'],
)
def test_unreadable_policy_evaluates_to_unknown(policy: str) -> None:
    assert evaluate(RULE, "app-key", {"policy": policy}).outcome is Outcome.UNKNOWN
