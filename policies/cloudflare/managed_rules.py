"""CF-006: Cloudflare's managed rules inspect requests before they reach the application.

The rule is advisory, because on the Free plan a small set of them is always on and no other can be deployed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

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
)
from .zones import SUBJECTS, evaluated_here, parameters_of

PHASE = "http_request_firewall_managed"
# https://developers.cloudflare.com/waf/managed-rules/ (read 2026-11-24): Cloudflare's, OWASP's and the Free plan's.
GENERAL = (
    "efb7b8c949ac4650a09736fc376e9aee",
    "4814384a9e5d4991b9815dcfc25d2f1f",
    "77454fe2d30c4220b5701f6fdfb893ba",
)


def check(resource: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    deployed = [
        parameters_of(rule)
        for rule in evaluated_here(resource, stack).rules(PHASE)
        if rule.get("action") == "execute" and parameters_of(rule).get("id") in GENERAL
    ]
    if not deployed:
        yield Finding(f"rules of phase {PHASE}", "none deploys a managed ruleset", "Cloudflare's, or OWASP's")
        return
    overrides = [block(parameters, "overrides") for parameters in deployed]
    if all(each.get("enabled") is False or each.get("action") == "log" for each in overrides):
        yield Finding(f"rules of phase {PHASE}", "all overridden: off, or log only", "rules that block")


RULE = StackRule(
    id="CF-006",
    name="cloudflare-managed-rules",
    title="Cloudflare's managed firewall rules are deployed.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    applies_to=SUBJECTS,
    check=check,
    remediation="Execute the Cloudflare Managed Ruleset in a ruleset of phase http_request_firewall_managed.",
    example="""cloudflare.Ruleset(
    "managed",
    zone_id=zone_id,
    kind="zone",
    name="Managed rules",
    phase="http_request_firewall_managed",
    rules=[
        {
            "action": "execute",
            "expression": "true",
            "action_parameters": {"id": "efb7b8c949ac4650a09736fc376e9aee"},
        }
    ],
)""",
    source="https://developers.cloudflare.com/waf/managed-rules/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the application validates its input.",
)
