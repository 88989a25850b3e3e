"""CF-014: no public record has an internal address.

The rule is advisory, because some teams name the hosts of their VPN in public DNS on purpose. Addresses that are never
routed (192.0.2.1, 100::) are allowed: they are placeholders for records that Cloudflare answers itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, Resource, ResourceRule, Severity
from .zones import RECORDS

INTERNAL = tuple(
    ipaddress.ip_network(cidr)
    for cidr in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def check(record: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if record.properties.get("type") not in ("A", "AAAA"):
        raise NotApplicable("the record has no IP address")
    if record.properties.get("privateRouting"):
        raise NotApplicable("the address is in a network that Cloudflare routes to")
    try:
        address = ipaddress.ip_address(str(record.properties.get("content") or record.properties.get("value")))
    except ValueError:
        raise NotApplicable("the record has no IP address") from None
    for network in INTERNAL:
        if address in network:
            yield Finding("content", f"an address of {network}", "a public address, or a record in private DNS")


RULE = ResourceRule(
    id="CF-014",
    name="cloudflare-no-internal-address",
    title="No public record has an internal IP address.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=RECORDS,
    check=check,
    remediation="Point the record at the public load balancer, or keep the name in private DNS.",
    example="""cloudflare.DnsRecord(
    "site", zone_id=zone_id, name="www.example.com", type="A", content="203.0.113.10", ttl=1, proxied=True
)""",
    source="https://hub.prowler.com/check/dns_record_no_internal_ip",
    read=date(2026, 11, 24),
)
