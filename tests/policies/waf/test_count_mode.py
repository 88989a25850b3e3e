from __future__ import annotations

from typing import Any

import pytest

from policies.rule import Outcome, Stack
from policies.waf.count_mode import RULE
from tests.policies.evaluation import UNKNOWN, evaluate, resource

COUNT: dict[str, Any] = {"count": {}}
GROUP = {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}


def test_blocking_rules_pass() -> None:
    assert evaluate(RULE, "acl").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"rules[0].action": COUNT}, "rule rate: action"),
        ({"rules[1].overrideAction": COUNT}, "rule AWSManagedRulesCommonRuleSet: overrideAction"),
    ],
)
def test_counting_rule_fails_with_its_name(changes: dict[str, Any], path: str) -> None:
    verdict = evaluate(RULE, "acl", changes)
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(path, "count")]


@pytest.mark.parametrize("action", [{"allow": {}}, {"captcha": {}}, {"count": None, "block": {}}])
def test_other_actions_pass(action: dict[str, Any]) -> None:
    assert evaluate(RULE, "acl", {"rules[0].action": action}).outcome is Outcome.PASS


def test_rule_that_adds_labels_passes() -> None:
    changes = {"rules[0].action": COUNT, "rules[0].ruleLabels": [{"name": "often"}]}
    assert evaluate(RULE, "acl", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("action", "label", "outcome"),
    [
        ("block", "awswaf:managed:aws:core-rule-set:NoUserAgent_Header", Outcome.PASS),
        ("count", "awswaf:managed:aws:core-rule-set:NoUserAgent_Header", Outcome.FAIL),
        ("block", "often", Outcome.FAIL),
    ],
)
def test_a_counting_group_passes_only_with_a_blocking_rule_on_its_labels(
    action: str, label: str, outcome: Outcome
) -> None:
    by_label = {"name": "x", "action": {action: {}}, "statement": {"labelMatchStatement": {"key": label}}}
    changes = {"rules[1].overrideAction": COUNT, "rules[0]": by_label}
    assert evaluate(RULE, "acl", changes).outcome is outcome


def test_counting_custom_rule_fails_despite_managed_label_rule() -> None:
    key = "awswaf:managed:aws:core-rule-set:NoUserAgent_Header"
    by_label = {"name": "x", "action": {"block": {}}, "statement": {"labelMatchStatement": {"key": key}}}
    assert evaluate(RULE, "acl", {"rules[0].action": COUNT, "rules[1]": by_label}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("override", "outcome"), [("count", Outcome.FAIL), ("none", Outcome.PASS)])
def test_separately_associated_groups_are_evaluated(override: str, outcome: Outcome) -> None:
    acl = resource("aws:wafv2/webAcl:WebAcl", {}, "acl")
    association = resource(
        "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
        {"webAclArn": acl.outputs["arn"], "managedRuleGroup": GROUP, "overrideAction": override},
        "common",
    )
    verdict = RULE.evaluate(acl, Stack((acl, association)))
    assert verdict.outcome is outcome
    expected = ["rule common: overrideAction"] if override == "count" else []
    assert [finding.path for finding in verdict.findings] == expected


@pytest.mark.parametrize("path", ["rules", "rules[0].action"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "acl", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
