"""CF-001: Cloudflare connects to the origin over TLS and verifies its certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, shown
from .zones import SUBJECTS, ZONE_SETTING, not_set, value_of

SETTING = "ssl"
# The second is "Strict (SSL-Only Origin Pull)" of Enterprise plans; its value is from memory.
VERIFIED = ("strict", "origin_pull")


def check(resource: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if resource.type != ZONE_SETTING:
        yield from not_set(resource, stack, SETTING, means="a mode that Cloudflare selects", wanted='"strict"')
        return
    value = value_of(resource, SETTING)
    if value not in VERIFIED:
        yield Finding("value", shown(value), '"strict"')


RULE = StackRule(
    id="CF-001",
    name="cloudflare-ssl-strict",
    title="Cloudflare connects to origins over TLS and verifies their certificates.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.CRITICAL,
    applies_to=(ZONE_SETTING, *SUBJECTS),
    check=check,
    remediation="Set the zone setting ssl to strict, and install a certificate for the host name on the origin.",
    example="""cloudflare.ZoneSetting("ssl", zone_id=zone_id, setting_id="ssl", value="strict")""",
    source="https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/ssl-only-origin-pull/",
    read=date(2026, 11, 24),
    unproven="The rule does not see configuration rules and page rules that set another mode for some hosts.",
)
