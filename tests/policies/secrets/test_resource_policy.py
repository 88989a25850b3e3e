from __future__ import annotations

import json

import pytest

from policies.rule import Outcome
from policies.secrets.resource_policy import POLICIES, RULE, WITH_POLICY
from tests.policies.evaluation import UNKNOWN, evaluate, resource
from tests.policies.iam.compliant import statement

OPEN = json.dumps(statement(Principal="*", Action="sqs:SendMessage", Resource="*"))


def test_condition_on_one_rule_passes() -> None:
    assert evaluate(RULE, "queue-policy").outcome is Outcome.PASS


def test_denying_anyone_without_tls_passes() -> None:
    deny = statement(Effect="Deny", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert evaluate(RULE, "queue-policy", {"policy": json.dumps(deny)}).outcome is Outcome.PASS


@pytest.mark.parametrize("type_", [*POLICIES, *WITH_POLICY])
def test_anyone_fails_in_every_resource_type(type_: str) -> None:
    assert RULE.evaluate(resource(type_, {"policy": OPEN})).findings[0].path == "policy.Statement[0].Principal"


@pytest.mark.parametrize("type_", WITH_POLICY)
def test_resource_without_inline_policy_is_not_applicable(type_: str) -> None:
    assert RULE.evaluate(resource(type_, {})).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("policy", [UNKNOWN, "not json", '{"Statement": ["text"]}', '{"Statement": 1}'])
def test_unreadable_policy_evaluates_to_unknown(policy: str) -> None:
    assert evaluate(RULE, "queue-policy", {"policy": policy}).outcome is Outcome.UNKNOWN
