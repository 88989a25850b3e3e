"""CF-012: TLS 1.3, which is on by default, is not disabled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown
from .zones import ZONE_SETTING, value_of

SETTING = "tls_1_3"
ON = ("on", "zrt")  # "zrt" also enables 0-RTT


def check(setting: Resource, _parameters: Parameters) -> Iterator[Finding]:
    value = value_of(setting, SETTING)
    if value not in ON:
        yield Finding("value", shown(value), '"on"')


RULE = ResourceRule(
    id="CF-012",
    name="cloudflare-tls-1-3",
    title="Cloudflare supports TLS 1.3.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.LOW,
    applies_to=(ZONE_SETTING,),
    check=check,
    remediation="Set the zone setting tls_1_3 to on, or remove it.",
    example="""cloudflare.ZoneSetting("tls-1-3", zone_id=zone_id, setting_id="tls_1_3", value="on")""",
    source="https://developers.cloudflare.com/ssl/edge-certificates/additional-options/tls-13/",
    read=date(2026, 11, 24),
)
