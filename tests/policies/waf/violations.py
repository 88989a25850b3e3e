"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.violations import Violation

Rules = list[dict[str, Any]]


def _without_rate_limit(rules: Rules) -> Rules:
    return [rule for rule in rules if "rateBasedStatement" not in rule["statement"]]


def _without_size_limit(rules: Rules) -> Rules:
    return [rule for rule in rules if "sizeConstraintStatement" not in rule["statement"]]


def _without_common_rules(rules: Rules) -> Rules:
    other = {"name": "AWSManagedRulesLinuxRuleSet"}
    return _group_changed(rules, "AWSManagedRulesCommonRuleSet", other, of_group=True)


def _group_changed(rules: Rules, name: str, changes: Mapping[str, Any], *, of_group: bool) -> Rules:
    """Return the rules with changes to the rule of the managed group `name`, or to the group's statement."""
    changed: Rules = []
    for rule in rules:
        group = rule["statement"].get("managedRuleGroupStatement", {})
        if not str(group.get("name")).startswith(name):
            changed.append(rule)
        elif of_group:
            changed.append({**rule, "statement": {"managedRuleGroupStatement": {**group, **changes}}})
        else:
            changed.append({**rule, **changes})
    return changed


def _log4j_counted(rules: Rules) -> Rules:
    counted = [{"name": "Log4JRCE_BODY", "actionToUse": {"count": {}}}]
    return _group_changed(
        rules, "AWSManagedRulesKnownBadInputsRuleSet", {"ruleActionOverrides": counted}, of_group=True
    )


def _reputation_counted(rules: Rules) -> Rules:
    counted = {"overrideAction": {"count": {}}}
    return _group_changed(rules, "AWSManagedRulesAmazonIpReputationList", counted, of_group=False)


VIOLATIONS: Mapping[str, Violation] = {
    "WAF-001": Violation("aws:wafv2/webAcl:WebAcl", {"rules": _without_rate_limit}),
    "WAF-002": Violation(
        "aws:wafv2/webAcl:WebAcl",
        {"rules": _without_common_rules},
    ),
    "WAF-003": Violation(
        "aws:wafv2/webAcl:WebAcl",
        {"rules": _without_size_limit},
    ),
    "WAF-004": Violation("aws:wafv2/webAcl:WebAcl", {"rules": _log4j_counted}),
    "WAF-005": Violation("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {}),
    "WAF-006": Violation("aws:wafv2/webAcl:WebAcl", {"visibilityConfig.cloudwatchMetricsEnabled": False}),
    "WAF-007": Violation("aws:wafv2/webAcl:WebAcl", {"rules": _reputation_counted}),
    "WAF-008": Violation("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {"redactedFields": []}),
    "WAF-009": Violation(
        "aws:wafv2/regexPatternSet:RegexPatternSet", {"regularExpressions": [{"regexString": "select.*from"}]}
    ),
}
