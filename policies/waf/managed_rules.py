"""WAF-002: a web ACL blocks attacks with the AWS managed rule groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .rules import WEB_ACL, managed_groups

GROUPS = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet")


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    blocking = {group.get("name") for group, _ in managed_groups(acl, stack) if group.get("vendorName") == "AWS"}
    for group in GROUPS:
        if group not in blocking:
            yield Finding("rules", f"{group} is missing or only counts", f"{group} with override action none")


RULE = StackRule(
    id="WAF-002",
    name="web-acl-managed-rules",
    title="A web ACL blocks malformed and known bad requests with AWS managed rules.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.HIGH,
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Add the AWS common and known-bad-inputs rule groups with override action none.",
    example="""{
    "name": "common",
    "priority": 1,
    "override_action": {"none": {}},
    "statement": {"managed_rule_group_statement": {"vendor_name": "AWS", "name": "AWSManagedRulesCommonRuleSet"}},
    "visibility_config": {...},
}""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html",
    read=date(2026, 11, 24),
)
