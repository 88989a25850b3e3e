"""CF-013: development mode, which bypasses the cache, is not deployed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from .zones import ZONE_SETTING, value_of


def check(setting: Resource, _parameters: Parameters) -> Iterator[Finding]:
    value = value_of(setting, "development_mode")
    if value != "off":
        yield Finding("value", shown(value), '"off"')


RULE = ResourceRule(
    id="CF-013",
    name="cloudflare-development-mode",
    title="Cloudflare's development mode is off.",
    item=ChecklistItem.CDN,
    pitfall=Pitfall.NO_CACHING,
    severity=Severity.LOW,
    applies_to=(ZONE_SETTING,),
    check=check,
    remediation="Set the zone setting development_mode to off, and use the dashboard to turn it on for an hour.",
    example="""cloudflare.ZoneSetting("development", zone_id=zone_id, setting_id="development_mode", value="off")""",
    source="https://developers.cloudflare.com/cache/reference/development-mode",
    read=date(2026, 11, 24),
)
