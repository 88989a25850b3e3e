"""CF-008: a zone has a cache rule for a site's files.

By default Cloudflare caches files by their extension, for as long as the origin's headers say, and does not cache
pages. The rule is advisory, because a site works without a cache rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    declared,
)
from .records import serves_files
from .zones import PAGE_RULE, SUBJECTS, Zone, evaluated_here, parameters_of

PHASE = "http_request_cache_settings"


def check(resource: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    zone = evaluated_here(resource, stack)
    if not serves_files(zone, stack):
        raise NotApplicable("nothing behind the proxy is a file store")
    if not any(parameters_of(rule).get("cache") for rule in zone.rules(PHASE)) and not _page_rule(zone):
        yield Finding(f"rules of phase {PHASE}", "none caches", "a rule that caches the site's files")


def _page_rule(zone: Zone) -> bool:
    return any(declared(block(rule.properties, "actions"), "cacheLevel") for rule in zone.of(PAGE_RULE))


RULE = StackRule(
    id="CF-008",
    name="cloudflare-edge-cache",
    title="A cache rule sets which files of a site Cloudflare caches.",
    item=ChecklistItem.CDN,
    pitfall=Pitfall.NO_CACHING,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=SUBJECTS,
    check=check,
    remediation="Add a ruleset of phase http_request_cache_settings with a rule that caches the site's files.",
    example="""cloudflare.Ruleset(
    "cache",
    zone_id=zone_id,
    kind="zone",
    name="Cache rules",
    phase="http_request_cache_settings",
    rules=[
        {
            "action": "set_cache_settings",
            "expression": 'http.host eq "example.com"',
            "action_parameters": {"cache": True, "edge_ttl": {"mode": "bypass_by_default"}},
        }
    ],
)""",
    source="https://developers.cloudflare.com/cache/how-to/cache-rules/",
    read=date(2026, 11, 24),
    unproven="The rule does not see which hosts and paths the rules' expressions match.",
)
