from __future__ import annotations

import json
from typing import Any

import pytest

from policies.rule import Indeterminate, Resource, Stack
from policies.waf.rules import managed_groups, overridden, rules_of, statements, stops
from tests.policies.evaluation import resource, resources_with

GROUP = {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}


def acl(**properties: Any) -> Resource:
    return resource("aws:wafv2/webAcl:WebAcl", properties, "acl")


def test_rules_written_as_the_apis_json_read_like_the_others() -> None:
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
    assert stops(rule)


@pytest.mark.parametrize(
    ("api", "ours"),
    [
        ({"ARN": 1}, {"arn": 1}),
        ({"IPSetReferenceStatement": {"ARN": 1}}, {"ipSetReferenceStatement": {"arn": 1}}),
        ({"Name": [{"SqliMatchStatement": {}}]}, {"name": [{"sqliMatchStatement": {}}]}),
        ({"CloudWatchMetricsEnabled": True}, {"cloudwatchMetricsEnabled": True}),
    ],
)
def test_the_apis_names_are_written_as_the_provider_writes_them(api: dict[str, Any], ours: dict[str, Any]) -> None:
    assert list(rules_of(acl(ruleJson=json.dumps([api])), Stack(()))) == [ours]


@pytest.mark.parametrize("document", ["{", "{}", '"rules"'])
def test_json_that_holds_no_rules_is_not_applicable(document: str) -> None:
    with pytest.raises(Indeterminate):
        list(rules_of(acl(ruleJson=document), Stack(())))


def test_rules_that_are_resources_of_their_own_are_the_acls() -> None:
    rule = {"webAclArn": acl().outputs["arn"], "action": {"block": {}}, "statement": {"rateBasedStatement": {}}}
    other = {**rule, "webAclArn": "arn:aws:wafv2:another"}
    stack = Stack(tuple(resource("aws:wafv2/webAclRule:WebAclRule", properties) for properties in (rule, other)))
    assert len(list(rules_of(acl(), stack))) == 1


@pytest.mark.parametrize(("override", "blocking"), [(None, 1), ("none", 1), ("count", 0)])
def test_rule_groups_associated_from_outside_are_the_acls(override: str | None, blocking: int) -> None:
    association = resource(
        "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
        {"webAclArn": acl().outputs["arn"], "managedRuleGroup": GROUP, "overrideAction": override},
    )
    assert len(list(managed_groups(acl(), Stack((association,))))) == blocking


def test_statements_within_and_and_or_count_and_those_within_not_do_not() -> None:
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
def test_only_an_action_that_keeps_the_request_out_stops_it(action: dict[str, Any], expected: bool) -> None:
    assert stops({"action": action}) is expected


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
def test_a_groups_rule_is_overridden_when_told_not_to_block(group: dict[str, Any], expected: bool) -> None:
    assert overridden(group, "SizeRestrictions_BODY") is expected
