from __future__ import annotations

import pytest

from policies.access.administrators import ATTACHMENTS, RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

POLICY = "arn:aws:iam::aws:policy"


@pytest.mark.parametrize(
    "arn", [f"{POLICY}/job-function/ViewOnlyAccess", "arn:aws:iam::111122223333:policy/AdministratorAccess"]
)
def test_other_policies_pass(arn: str) -> None:
    assert evaluate(RULE, "attachment", {"policyArn": arn}).outcome is Outcome.PASS


@pytest.mark.parametrize("type_", ATTACHMENTS)
@pytest.mark.parametrize("name", ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"])
def test_administrators_policies_fail_however_attached(type_: str, name: str) -> None:
    verdict = RULE.evaluate(resource(type_, {"policyArn": f"{POLICY}/{name}"}))
    assert [finding.found for finding in verdict.findings] == [name]


def test_other_partitions_have_them_too() -> None:
    arn = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"
    assert evaluate(RULE, "attachment", {"policyArn": arn}).outcome is Outcome.FAIL


def test_those_that_a_role_lists_itself_are_evaluated_by_their_path() -> None:
    assert evaluate(RULE, "holder").outcome is Outcome.PASS
    verdict = evaluate(RULE, "holder", {"managedPolicyArns[0]": f"{POLICY}/AdministratorAccess"})
    assert [finding.path for finding in verdict.findings] == ["managedPolicyArns[0]"]


def test_a_role_that_lists_none_is_not_evaluated() -> None:
    assert evaluate(RULE, "holder", {"managedPolicyArns": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_an_arn_not_known_yet_is_not_a_pass() -> None:
    assert evaluate(RULE, "attachment", {"policyArn": UNKNOWN}).outcome is Outcome.UNKNOWN
