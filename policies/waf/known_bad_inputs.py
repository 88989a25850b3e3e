"""WAF-004: the managed rules against remote code execution block requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule, items
from .rules import WEB_ACL, blocked_labels, managed_groups, overridden

GROUP, LABELS = "AWSManagedRulesKnownBadInputsRuleSet", "awswaf:managed:aws:known-bad-inputs:"
# Log4JRCE_*, JavaDeserializationRCE_*, ReactJSRCE_BODY and future rules. The others (PROPFIND, a local host name, paths
# of other software) may match requests that an application serves on purpose.
CODE_EXECUTION = "RCE"


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    groups = [group for group, _ in managed_groups(acl, stack) if group.get("name") == GROUP]
    if not groups:
        raise NotApplicable(f"{GROUP} does not block in this web ACL (WAF-002)")
    if any(label.startswith(LABELS) for label in blocked_labels(acl, stack)):
        return  # a later rule blocks by the label that the counting rule adds
    for group in groups:
        for key in ("ruleActionOverrides", "excludedRules"):
            for path, override in items(group, key):
                name = str(override.get("name"))
                if CODE_EXECUTION in name and overridden(group, name):
                    yield Finding(f"{GROUP}: {path}", f"{name} does not block", "the group's default action, block")


RULE = StackRule(
    id="WAF-004",
    name="web-acl-known-bad-inputs",
    title="A web ACL blocks remote code execution exploits such as Log4Shell, without exceptions.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.HIGH,
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Remove the rule's override, or limit it with a scope-down statement to the path that needs it.",
    example="""{
    "name": "known-bad-inputs",
    "priority": 2,
    "override_action": {"none": {}},
    "statement": {
        "managed_rule_group_statement": {"vendor_name": "AWS", "name": "AWSManagedRulesKnownBadInputsRuleSet"}
    },
    "visibility_config": {...},
}""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see which requests a scope-down statement excludes from the group.",
)
