"""CF-002: Cloudflare refuses TLS versions below 1.2."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule, shown
from ..tls import MINIMUM_TLS
from .zones import SUBJECTS, ZONE_SETTING, not_set, value_of

SETTING = "min_tls_version"
HOST_SETTING = "cloudflare:index/hostnameTlsSetting:HostnameTlsSetting"


def check(resource: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    minimum = parameters[MINIMUM_TLS.name]
    wanted = f'"{minimum}"' if minimum == "1.3" else f'"{minimum}" or "1.3"'
    if resource.type not in (ZONE_SETTING, HOST_SETTING):
        yield from not_set(resource, stack, SETTING, means="TLS 1.0 and up", wanted=wanted)
        return
    if resource.type == HOST_SETTING and resource.properties.get("settingId") != SETTING:
        raise NotApplicable(f"it is not the setting {SETTING}")
    value = resource.properties.get("value") if resource.type == HOST_SETTING else value_of(resource, SETTING)
    if str(value) < minimum:
        yield Finding("value", shown(value), wanted)


RULE = StackRule(
    id="CF-002",
    name="cloudflare-tls-version",
    title="Cloudflare refuses visitors that use TLS 1.1 or older.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.HIGH,
    applies_to=(ZONE_SETTING, HOST_SETTING, *SUBJECTS),
    check=check,
    remediation="Set the zone setting min_tls_version to 1.2 or higher.",
    example="""cloudflare.ZoneSetting("min-tls", zone_id=zone_id, setting_id="min_tls_version", value="1.2")""",
    source="https://developers.cloudflare.com/ssl/edge-certificates/additional-options/minimum-tls/",
    read=date(2026, 11, 24),
    parameters=(MINIMUM_TLS,),
)
