"""WAF-003: a web ACL blocks request bodies that are larger than AWS WAF inspects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..inputs import number
from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, declared
from .rules import WEB_ACL, blocks, managed_groups, overridden, rules_of, statements

# This rule of the common rule set blocks bodies over 8 KB (on a load balancer) or the web ACL's inspection limit.
COMMON_RULE_SET, SIZE_RULE = "AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY"
# AWS WAF inspects the first 8 KB of a body on a load balancer; on CloudFront 16 KB, or up to 64 KB for a fee.
INSPECTED_BYTES = {"REGIONAL": 8_192, "CLOUDFRONT": 65_536}


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    for group, _ in managed_groups(acl, stack):
        if group.get("name") == COMMON_RULE_SET and not overridden(group, SIZE_RULE):
            return
    inspected = INSPECTED_BYTES.get(str(acl.properties.get("scope")), INSPECTED_BYTES["REGIONAL"])
    for rule in rules_of(acl, stack):
        if blocks(rule) and any(_limits_body(kind, statement, inspected) for kind, statement in statements(rule)):
            return
    yield Finding(
        "rules",
        "no rule limits the body size",
        f"{SIZE_RULE} in block, or a blocking size constraint on the body",
    )


def _limits_body(kind: str, statement: Mapping[str, Any], inspected: int) -> bool:
    """Return whether a size constraint limits the body. Above the inspected size it must match oversize bodies."""
    if kind != "sizeConstraintStatement" or statement.get("comparisonOperator") not in ("GT", "GE"):
        return False
    field = block(statement, "fieldToMatch")
    for part in ("body", "jsonBody"):
        if declared(field, part):
            return (number(statement, "size") or 0) <= inspected or block(field, part).get(
                "oversizeHandling"
            ) == "MATCH"
    return False


RULE = StackRule(
    id="WAF-003",
    name="web-acl-body-size",
    title="A web ACL blocks request bodies that are larger than it can inspect.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.MEDIUM,
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Keep the common rule set's SizeRestrictions_BODY in block, or add a size constraint rule that blocks.",
    example="""{
    "name": "body-size",
    "priority": 0,
    "action": {"block": {}},
    "statement": {
        "size_constraint_statement": {
            "field_to_match": {"body": {"oversize_handling": "MATCH"}},
            "comparison_operator": "GT",
            "size": 8192,
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        },
    },
    "visibility_config": {...},
}""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html",
    read=date(2026, 11, 24),
)
