"""WAF-007: no rule of a web ACL stays in count mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    declared,
    items,
)
from .rules import WEB_ACL, blocked_labels, counts, rules_of

MANAGED_LABELS = "awswaf:managed:"


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    by_label = any(label.startswith(MANAGED_LABELS) for label in blocked_labels(acl, stack))
    for rule in rules_of(acl, stack):
        if counts(rule) and not _only_labels(rule, by_label):
            key = "action" if declared(block(rule, "action"), "count") else "overrideAction"
            yield Finding(f"rule {rule.get('name')}: {key}", "count", "block, or none for a rule group")


def _only_labels(rule: Mapping[str, Any], managed_labels_blocked: bool) -> bool:
    """Return whether the rule counts because other rules act on the labels that it adds."""
    if any(True for _ in items(rule, "ruleLabels")):
        return True
    return managed_labels_blocked and declared(block(rule, "statement"), "managedRuleGroupStatement")


RULE = StackRule(
    id="WAF-007",
    name="web-acl-blocks",
    title="A web ACL blocks the requests that its rules match.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # a new rule starts in count mode
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Review the requests that the rule counted in the web ACL's logs, then set it to block.",
    example="""{
    "name": "body-size",
    "priority": 0,
    "action": {"block": {}},
    # ...
}""",
    source="https://docs.aws.amazon.com/waf/latest/APIReference/API_RuleAction.html",
    read=date(2026, 11, 24),
)
