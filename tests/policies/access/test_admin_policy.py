from __future__ import annotations

import json

import pytest

from policies.access.admin_policy import RULE
from policies.rule import Outcome
from tests.policies.access.compliant import statement
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ADMIN = json.dumps(statement(Action="*", Resource="*"))


def test_some_actions_on_some_resources_pass() -> None:
    assert evaluate(RULE, "rights").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "rights",
    [
        {"Action": "s3:*", "Resource": "*"},
        {"Action": "*", "Resource": "arn:aws:s3:::bucket/*"},
        {"Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
    ],
)
def test_less_than_everything_passes(rights: dict[str, str]) -> None:
    assert evaluate(RULE, "rights", {"policy": json.dumps(statement(**rights))}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "rights",
    [
        {"Action": "*", "Resource": "*"},
        {"Action": ["s3:GetObject", "*"], "Resource": ["*"]},
        {"Action": "*:*", "Resource": "*"},
        {"NotAction": "iam:*", "Resource": "*"},
        {"Action": "*", "NotResource": "arn:aws:s3:::bucket"},
    ],
)
def test_everything_fails(rights: dict[str, object]) -> None:
    verdict = evaluate(RULE, "rights", {"policy": json.dumps(statement(**rights))})
    assert [finding.path for finding in verdict.findings] == ["policy.Statement[0]"]


def test_a_permissions_boundary_gives_nothing_until_it_is_none() -> None:
    assert evaluate(RULE, "boundary").outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, "boundary", {"deployer: permissionsBoundary": ABSENT}).outcome is Outcome.FAIL


def test_policies_inside_a_role_are_evaluated_by_their_path() -> None:
    assert evaluate(RULE, "holder").outcome is Outcome.PASS
    verdict = evaluate(RULE, "holder", {"inlinePolicies[0].policy": ADMIN})
    assert [finding.path for finding in verdict.findings] == ["inlinePolicies[0].policy.Statement[0]"]


def test_a_role_without_policies_in_it_is_not_evaluated() -> None:
    assert evaluate(RULE, "deployer").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("policy", [UNKNOWN, "not json"])
def test_what_cannot_be_read_is_not_a_pass(policy: str) -> None:
    assert evaluate(RULE, "rights", {"policy": policy}).outcome is Outcome.UNKNOWN
