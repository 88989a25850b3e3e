"""Tests of the behaviour rows of the rules of AWS WAF."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account
from .wafv2_inputs import ACL, COMMON, METRIC, acl, block, managed, match, rate


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


def test_country_and_response_key_are_validated(account: Account) -> None:
    found = account.planned(ACL, **acl(block({"geoMatchStatement": {"countryCodes": ["UK"]}})))
    assert [rejection.path for rejection in found] == ["rules[0].statement.geoMatchStatement.countryCodes[0]"]
    assert not account.planned(ACL, **acl(block({"geoMatchStatement": {"countryCodes": ["GB"]}})))
    response = {"block": {"customResponse": {"responseCode": 403, "customResponseBodyKey": "denied"}}}
    ruled = block({"geoMatchStatement": {"countryCodes": ["GB"]}}, action=response)
    found = account.planned(ACL, **acl(ruled))
    assert [rejection.path for rejection in found] == ["rules[0].action.block.customResponse.customResponseBodyKey"]
    bodies = [{"key": "denied", "content": "no", "contentType": "TEXT_PLAIN"}]
    assert not account.planned(ACL, **acl(ruled, customResponseBodies=bodies))


def test_override_of_unknown_rule_is_rejected_for_own_group_only(account: Account) -> None:
    group = account.make(
        "aws:wafv2/ruleGroup:RuleGroup",
        scope="REGIONAL",
        capacity=10,
        rules=[block({"geoMatchStatement": {"countryCodes": ["GB"]}})],
        visibilityConfig=METRIC,
    )

    def codes(kind: str, statement: dict[str, Any]) -> set[str]:
        override = [{"name": "typo", "actionToUse": {"count": {}}}]
        return account.codes(ACL, **acl(managed({kind: {**statement, "ruleActionOverrides": override}})))

    assert codes("ruleGroupReferenceStatement", {"arn": group.outputs["arn"]}) == {"WAFInvalidParameterException"}
    assert codes("managedRuleGroupStatement", {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}) == set()
