"""WAF-004: the managed rules against remote code execution block, each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule, items
from .rules import WEB_ACL, managed_groups, overridden, stopped_labels

GROUP, LABELS = "AWSManagedRulesKnownBadInputsRuleSet", "awswaf:managed:aws:known-bad-inputs:"
# Log4JRCE_*, JavaDeserializationRCE_*, ReactJSRCE_BODY and what comes. The others (PROPFIND, a local host name, paths
# of other people's software) may match what an application means to serve.
EXECUTION = "RCE"


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    groups = [group for group, _ in managed_groups(acl, stack) if group.get("name") == GROUP]
    if not groups:
        raise NotApplicable(f"{GROUP} does not block here, which is WAF-002's")
    if any(label.startswith(LABELS) for label in stopped_labels(acl, stack)):
        return  # counted first, and stopped by a later rule by its label
    for group in groups:
        for key in ("ruleActionOverrides", "excludedRules"):
            for path, override in items(group, key):
                name = str(override.get("name"))
                if EXECUTION in name and overridden(group, name):
                    yield Finding(f"{GROUP}: {path}", f"{name} lets requests through", "the group's own action, block")


RULE = StackRule(
    id="WAF-004",
    name="web-acl-known-bad-inputs",
    title="A web ACL blocks what makes a library run an attacker's code (Log4Shell and its like), without exception.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.HIGH,
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Take the override of the rule away, or narrow it by a scope-down statement to the path that needs it.",
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
    unproven="What a scope-down statement keeps from the group.",
)
