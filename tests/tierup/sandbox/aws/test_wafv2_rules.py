"""Tests of the behaviour rows of the rules of AWS WAF."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account
from .wafv2_inputs import ACL, COMMON, acl, block, managed, match, rate


@pytest.mark.parametrize(
    "rules",
    [
        [block(COMMON)],
        [managed(rate())],
        [block(rate()), block(rate())],
        [block(rate(), 1), block(rate(), 2, name="rule-1")],
        [block({**rate(), **match("/")})],
        [block({})],
        [block(rate(limit=9))],
        [block(rate(limit=2_000_000_001))],
        [block(rate(evaluationWindowSec=900))],
        [block(rate(aggregateKeyType="FORWARDED_IP"))],
        [block(rate(aggregateKeyType="CONSTANT"))],
        [block({"andStatement": {"statements": [rate(), match("/")]}})],
        [block({"andStatement": {"statements": [match("/")]}})],
        [block(rate(), action={"block": {}, "count": {}})],
    ],
)
def test_invalid_rules_are_rejected(account: Account, rules: list[dict[str, Any]]) -> None:
    assert account.codes(ACL, **acl(*rules)) == {"WAFInvalidParameterException"}


@pytest.mark.parametrize(
    "rules",
    [
        [block(rate(), 1), block(rate(), 2)],
        [block({"notStatement": {"statement": match("/")}})],
        [block({"orStatement": {"statements": [match("/a"), {"notStatement": {"statement": match("/b")}}]}})],
        [block(rate(aggregateKeyType="CONSTANT", scopeDownStatement=match("/")))],
    ],
)
def test_valid_rules_are_accepted(account: Account, rules: list[dict[str, Any]]) -> None:
    assert not account.codes(ACL, **acl(*rules))


def test_unknown_managed_rule_group_is_rejected(account: Account) -> None:
    wrong = {"managedRuleGroupStatement": {"vendorName": "AWS", "name": "AWSManagedRulesNoneRuleSet"}}
    assert account.codes(ACL, **acl(managed(wrong))) == {"WAFNonexistentItemException"}
