"""CF-011: a zone has DNSSEC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    shown,
)
from .zones import ZONE

DNSSEC = "cloudflare:index/zoneDnssec:ZoneDnssec"


def check(zone: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if zone.properties.get("type") not in (None, "full"):
        raise NotApplicable("another DNS service is authoritative for the zone")
    found = list(stack.referring((DNSSEC,), "zoneId", zone, "id"))
    if not found:
        yield Finding("DNSSEC", "missing", "a ZoneDnssec with status active")
    for dnssec in found:
        status = dnssec.properties.get("status")
        if status != "active":
            yield Finding(f"{dnssec.name}: status", shown(status), '"active"')


RULE = StackRule(
    id="CF-011",
    name="cloudflare-dnssec",
    title="A zone has DNSSEC, so that its DNS answers are signed.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=(ZONE,),
    check=check,
    remediation="Add a ZoneDnssec with status active, and add its DS record at the registrar.",
    example="""cloudflare.ZoneDnssec("dnssec", zone_id=zone.id, status="active")""",
    source="https://developers.cloudflare.com/dns/dnssec/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the registrar has the DS record.",
)
