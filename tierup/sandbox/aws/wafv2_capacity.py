"""AWS WAF: capacity units (WCU) of rules, and AWS managed rule groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..behaviour import (
    Call,
    Plain,
    Rejection,
    Stage,
    documented,
    rule,
)
from .wafv2 import RULE_GROUP
from .wafv2_statements import rules_of, walk_statements

_CAPACITY = documented(
    "https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html", read="2026-11-24"
)

MAX_UNITS = 5_000
"""The maximum capacity units (WCU) of a web ACL or rule group. Above 1,500 WCU a web ACL costs more per request."""

MANAGED_GROUPS: Mapping[str, int] = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesWordPressRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesBotControlRuleSet": 50,
    "AWSManagedRulesATPRuleSet": 50,
    "AWSManagedRulesACFPRuleSet": 50,
    "AWSManagedRulesAntiDDoSRuleSet": 50,
}
"""Capacity units (WCU) of AWS managed rule groups
(https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html). That
page has no ACFP and anti-DDoS rule sets yet in the copy that was read on 2026-11-28; theirs are from secondary sources
(read 2026-11-24)."""

_BASE_UNITS = {  # without transformations
    "asnMatchStatement": 1, "byteMatchStatement": 2, "geoMatchStatement": 1, "ipSetReferenceStatement": 1,
    "labelMatchStatement": 1, "rateBasedStatement": 2, "regexMatchStatement": 3,
    "regexPatternSetReferenceStatement": 25, "sizeConstraintStatement": 1, "sqliMatchStatement": 20,
    "xssMatchStatement": 40,
}  # fmt: skip


def units_of(statement: Plain) -> int:
    """Return the capacity units of a statement, without AWS's optimizations between rules."""
    total = 0
    for _, kind, content, _ in walk_statements("", statement):
        if kind == "managedRuleGroupStatement":
            total += MANAGED_GROUPS.get(str(content.get("name")), 0)
            continue
        units = _BASE_UNITS.get(kind, 0)
        if kind == "byteMatchStatement" and content.get("positionalConstraint") in ("CONTAINS", "CONTAINS_WORD"):
            units = 10
        if kind == "sqliMatchStatement" and content.get("sensitivityLevel") == "HIGH":
            units = 30
        if kind == "rateBasedStatement":
            units += 30 * len(content.get("customKeys") or ())
        field = content.get("fieldToMatch") or {}
        if isinstance(field, dict) and "allQueryArguments" in field:
            units += 10
        if isinstance(field, dict) and "jsonBody" in field:
            units *= 2
        transformations = [each for each in content.get("textTransformations") or () if isinstance(each, dict)]
        total += units + 10 * sum(each.get("type") != "NONE" for each in transformations)
    return total


def capacity(call: Call) -> int:
    """Return the capacity units of the call's rules, including those of referenced rule groups."""
    total = 0
    for _, each in rules_of(call):
        total += units_of(each.get("statement"))
        for _, kind, content, _ in walk_statements("", each.get("statement")):
            if kind == "ruleGroupReferenceStatement":
                group = next(call.cloud.find(RULE_GROUP, arn=content.get("arn")), None)
                total += int(group.outputs.get("capacity", 0)) if group else 0
    return total


@rule("capacity-is-sufficient", Stage.CREATE, Stage.UPDATE, source=_CAPACITY)
def within_capacity(call: Call) -> Iterator[Rejection]:
    needed = capacity(call)
    maximum = int(call.get("capacity", MAX_UNITS)) if call.type == RULE_GROUP else MAX_UNITS
    if needed > maximum:
        yield Rejection(
            "rules",
            f"the rules require too much capacity (got {needed:,} WCU). Allowed are at most {maximum:,} WCU.",
            "WAFLimitsExceededException",
        )
