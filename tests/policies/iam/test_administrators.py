from __future__ import annotations

import pytest

from policies.iam.administrators import ATTACHMENTS, RULE
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
def test_administrator_policies_fail_for_every_attachment_type(type_: str, name: str) -> None:
    verdict = RULE.evaluate(resource(type_, {"policyArn": f"{POLICY}/{name}"}))
    assert [finding.found for finding in verdict.findings] == [name]


def test_administrator_policies_of_other_partitions_fail() -> None:
    arn = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"
    assert evaluate(RULE, "attachment", {"policyArn": arn}).outcome is Outcome.FAIL


def test_managed_policies_in_a_role_are_evaluated() -> None:
    assert evaluate(RULE, "holder").outcome is Outcome.PASS
    verdict = evaluate(RULE, "holder", {"managedPolicyArns[0]": f"{POLICY}/AdministratorAccess"})
    assert [finding.path for finding in verdict.findings] == ["managedPolicyArns[0]"]


def test_the_rule_does_not_apply_to_a_role_without_managed_policies() -> None:
    assert evaluate(RULE, "holder", {"managedPolicyArns": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_an_unknown_arn_does_not_pass() -> None:
    assert evaluate(RULE, "attachment", {"policyArn": UNKNOWN}).outcome is Outcome.UNKNOWN
