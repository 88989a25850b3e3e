"""CF-003: Cloudflare redirects requests over plain HTTP to HTTPS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, shown
from .zones import SUBJECTS, ZONE_SETTING, Zone, evaluated_here, not_set, parameters_of, value_of, zone_of

SETTING = "always_use_https"
# The fields with which a redirect rule tests for a request without TLS.
SCHEME_FIELDS = ("ssl", "http.request.scheme", "http.request.full_uri")


def check(resource: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    wanted = '"on", or a redirect rule for all plain HTTP requests'
    if resource.type != ZONE_SETTING:
        if _redirects(evaluated_here(resource, stack)):
            return
        yield from not_set(resource, stack, SETTING, means='"off"', wanted=wanted)
        return
    value = value_of(resource, SETTING)
    if value != "on" and not _redirects(zone_of(resource, stack)):
        yield Finding("value", shown(value), wanted)


def _redirects(zone: Zone) -> bool:
    return any(
        rule.get("action") == "redirect"
        and any(word in str(rule.get("expression")) for word in SCHEME_FIELDS)
        and "https" in str(block(block(parameters_of(rule), "fromValue"), "targetUrl").get("expression"))
        for rule in zone.rules("http_request_dynamic_redirect")
    )


RULE = StackRule(
    id="CF-003",
    name="cloudflare-https-only",
    title="Cloudflare redirects plain HTTP to HTTPS.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.HIGH,
    applies_to=(ZONE_SETTING, *SUBJECTS),
    check=check,
    remediation="Set the zone setting always_use_https to on.",
    example="""cloudflare.ZoneSetting("https", zone_id=zone_id, setting_id="always_use_https", value="on")""",
    source="https://developers.cloudflare.com/ssl/edge-certificates/additional-options/always-use-https/",
    read=date(2026, 11, 24),
)
