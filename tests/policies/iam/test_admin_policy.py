from __future__ import annotations

import json

import pytest

from policies.iam.admin_policy import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate
from tests.policies.iam.compliant import statement

ADMIN = json.dumps(statement(Action="*", Resource="*"))


def test_some_actions_on_some_resources_pass() -> None:
    assert evaluate(RULE, "rights").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "s3:*", "Resource": "*"},
        {"Action": "*", "Resource": "arn:aws:s3:::bucket/*"},
        {"Action": "*", "Resource": "arn:aws:s3:::*"},
        {"Action": "iam:*", "Resource": "arn:aws:iam::111122223333:role/shop-*"},
        {"Action": "iam:Get*", "Resource": "*"},
        {"Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
    ],
)
def test_a_restricted_policy_passes(elements: dict[str, str]) -> None:
    assert evaluate(RULE, "rights", {"policy": json.dumps(statement(**elements))}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "*", "Resource": "*"},
        {"Action": ["s3:GetObject", "*"], "Resource": ["*"]},
        {"Action": "*:*", "Resource": "*"},
        {"NotAction": "iam:*", "Resource": "*"},
        {"Action": "*", "NotResource": "arn:aws:s3:::bucket"},
        {"Action": "iam:*", "Resource": "*"},
        {"Action": "*", "Resource": "arn:*"},
        {"Action": "*", "Resource": "arn:aws:*"},
        {"Action": "*", "Resource": "arn:*:*:*:*:*"},
    ],
)
def test_all_actions_on_all_resources_fail(elements: dict[str, object]) -> None:
    verdict = evaluate(RULE, "rights", {"policy": json.dumps(statement(**elements))})
    assert [finding.path for finding in verdict.findings] == ["policy.Statement[0]"]


def test_the_rule_does_not_apply_to_a_permissions_boundary() -> None:
    assert evaluate(RULE, "boundary").outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, "boundary", {"deployer: permissionsBoundary": ABSENT}).outcome is Outcome.FAIL


def test_inline_policies_of_a_role_are_evaluated() -> None:
    assert evaluate(RULE, "holder").outcome is Outcome.PASS
    verdict = evaluate(RULE, "holder", {"inlinePolicies[0].policy": ADMIN})
    assert [finding.path for finding in verdict.findings] == ["inlinePolicies[0].policy.Statement[0]"]


def test_the_rule_does_not_apply_to_a_role_without_inline_policies() -> None:
    assert evaluate(RULE, "deployer").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("policy", [UNKNOWN, "not json"])
def test_an_unreadable_policy_does_not_pass(policy: str) -> None:
    assert evaluate(RULE, "rights", {"policy": policy}).outcome is Outcome.UNKNOWN
