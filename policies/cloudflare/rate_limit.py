"""CF-005: Cloudflare limits the request rate of each client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
)
from .records import leads_to_files
from .zones import OLD_RATE_LIMIT, SUBJECTS, evaluated_here

PHASE = "http_ratelimit"
STOPPING = ("block", "challenge", "js_challenge", "managed_challenge")


def check(resource: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    zone = evaluated_here(resource, stack)
    if all(leads_to_files(record, stack) for record in zone.proxied):
        raise NotApplicable("only buckets of files are behind the proxy")
    rules = [rule for rule in zone.rules(PHASE) if declared(rule, "ratelimit")]
    if any(rule.get("action") in STOPPING for rule in rules) or zone.of(OLD_RATE_LIMIT):
        return
    yield Finding(
        f"rules of phase {PHASE}",
        "none blocks or challenges a client" if rules else "missing",
        "a rule that blocks, for all paths of the API",
    )


RULE = StackRule(
    id="CF-005",
    name="cloudflare-rate-limit",
    title="Cloudflare limits the request rate of each client.",
    item=ChecklistItem.RATE_LIMITING,
    pitfall=Pitfall.NO_RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=SUBJECTS,
    check=check,
    remediation="Add a ruleset of phase http_ratelimit with a rule that blocks, for the paths of the API.",
    example="""cloudflare.Ruleset(
    "rate",
    zone_id=zone_id,
    kind="zone",
    name="Rate limit",
    phase="http_ratelimit",
    rules=[
        {
            "action": "block",
            "expression": 'starts_with(lower(http.request.uri.path), "/api/")',
            "ratelimit": {
                "characteristics": ["cf.colo.id", "ip.src"],
                "period": 10,
                "requests_per_period": 10,
                "mitigation_timeout": 10,
            },
        }
    ],
)""",
    source="https://developers.cloudflare.com/waf/rate-limiting-rules/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the rule's expression matches all paths of the API.",
)
