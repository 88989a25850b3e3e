"""Tests of the behaviour rows of the capacity of AWS WAF rules."""

from __future__ import annotations

from .account import Account
from .wafv2_inputs import ACL, COMMON, METRIC, acl, block, managed, match

GROUP = "aws:wafv2/ruleGroup:RuleGroup"


def test_capacity_limit_is_enforced(account: Account) -> None:
    groups = [managed(COMMON, priority) for priority in range(8)]
    assert account.codes(ACL, **acl(*groups)) == {"WAFLimitsExceededException"}
    assert not account.codes(ACL, **acl(*groups[:7]))
    made = account.make(ACL, **acl(block(match("/", "LOWERCASE"))))
    assert made.outputs["capacity"] == 12


def test_rule_group_capacity_is_enforced(account: Account) -> None:
    inputs = {"scope": "REGIONAL", "visibilityConfig": METRIC, "rules": [block(match("/"))]}
    assert account.codes(GROUP, capacity=1, **inputs) == {"WAFLimitsExceededException"}
    made = account.make(GROUP, capacity=50, **inputs)
    assert account.replaced_by(made, capacity=60) == {"capacity"}
    reference = {"ruleGroupReferenceStatement": {"arn": made.outputs["arn"]}}
    assert account.make(ACL, **acl(managed(reference))).outputs["capacity"] == 50
