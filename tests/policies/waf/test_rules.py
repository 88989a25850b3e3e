from __future__ import annotations

import json
from typing import Any

import pytest

from policies.rule import Indeterminate, Resource, Stack
from policies.waf.rules import blocks, managed_groups, overridden, rules_of, statements
from tests.policies.evaluation import resource, resources_with

GROUP = {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}


def acl(**properties: Any) -> Resource:
    return resource("aws:wafv2/webAcl:WebAcl", properties, "acl")


def test_rules_in_json_read_like_inline_rules() -> None:
    inline = next(r for r in resources_with({}) if r.name == "acl")
    api = [
        {
            "Name": "rate",
            "Action": {"Block": {}},
            "Statement": {"RateBasedStatement": {"Limit": 66, "EvaluationWindowSec": 600}},
        }
    ]
    (rule,) = rules_of(acl(ruleJson=json.dumps(api)), Stack(()))
    first = next(iter(rules_of(inline, Stack(()))))
    assert [kind for kind, _ in statements(rule)] == [kind for kind, _ in statements(first)]
    assert blocks(rule)


@pytest.mark.parametrize(
    ("api", "expected"),
    [
        ({"ARN": 1}, {"arn": 1}),
        ({"IPSetReferenceStatement": {"ARN": 1}}, {"ipSetReferenceStatement": {"arn": 1}}),
        ({"Name": [{"SqliMatchStatement": {}}]}, {"name": [{"sqliMatchStatement": {}}]}),
        ({"CloudWatchMetricsEnabled": True}, {"cloudwatchMetricsEnabled": True}),
    ],
)
def test_api_keys_are_converted_to_the_providers(api: dict[str, Any], expected: dict[str, Any]) -> None:
    assert list(rules_of(acl(ruleJson=json.dumps([api])), Stack(()))) == [expected]


@pytest.mark.parametrize("document", ["{", "{}", '"rules"', '["rule"]'])
def test_json_without_rules_is_indeterminate(document: str) -> None:
    with pytest.raises(Indeterminate):
        list(rules_of(acl(ruleJson=document), Stack(())))


def test_separate_rules_belong_to_the_web_acl() -> None:
    rule = {"webAclArn": acl().outputs["arn"], "action": {"block": {}}, "statement": {"rateBasedStatement": {}}}
    other = {**rule, "webAclArn": "arn:aws:wafv2:another"}
    stack = Stack(tuple(resource("aws:wafv2/webAclRule:WebAclRule", properties) for properties in (rule, other)))
    assert len(list(rules_of(acl(), stack))) == 1


@pytest.mark.parametrize(("override", "blocking"), [(None, 1), ("none", 1), ("count", 0)])
def test_separately_associated_groups_belong_to_the_web_acl(override: str | None, blocking: int) -> None:
    association = resource(
        "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
        {"webAclArn": acl().outputs["arn"], "managedRuleGroup": GROUP, "overrideAction": override},
    )
    assert len(list(managed_groups(acl(), Stack((association,))))) == blocking


def test_statements_inside_and_and_or_count_but_not_inside_not() -> None:
    rule = {
        "statement": {
            "andStatement": {
                "statements": [
                    {"orStatement": {"statements": [{"geoMatchStatement": {}}, {"byteMatchStatement": {}}]}},
                    {"notStatement": {"statements": [{"ipSetReferenceStatement": {}}]}},
                ]
            }
        }
    }
    assert [kind for kind, _ in statements(rule)] == ["geoMatchStatement", "byteMatchStatement"]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"block": {}}, True),
        ({"captcha": {}}, True),
        ({"challenge": {}}, True),
        ({"count": {}}, False),
        ({"allow": {}}, False),
        ({"count": {}, "block": None}, False),
        ({}, False),
    ],
)
def test_action_decides_whether_a_rule_blocks(action: dict[str, Any], expected: bool) -> None:
    assert blocks({"action": action}) is expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({}, False),
        ({"ruleActionOverrides": [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}]}, True),
        ({"ruleActionOverrides": [{"name": "SizeRestrictions_BODY", "actionToUse": {"block": {}}}]}, False),
        ({"ruleActionOverrides": [{"name": "GenericLFI_BODY", "actionToUse": {"count": {}}}]}, False),
        ({"excludedRules": [{"name": "SizeRestrictions_BODY"}]}, True),
    ],
)
def test_override_decides_whether_a_group_rule_blocks(group: dict[str, Any], expected: bool) -> None:
    assert overridden(group, "SizeRestrictions_BODY") is expected
