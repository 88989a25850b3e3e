"""CF-007: in a zone that uses the proxy, every web host is proxied.

Most other records cannot be proxied: mail, validation of a certificate or a domain, another CDN, a host for SSH. So a
record counts as a web host only if its target is an application load balancer, or the same as the target of a proxied
record, whose address it then discloses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, Resource, Severity, Stack, StackRule
from .records import WEB_TYPES, balancers, content
from .zones import RECORDS, zone_of

# name-1234567890.eu-west-1.elb.amazonaws.com; a network load balancer's ends in .elb.eu-west-1.amazonaws.com.
APPLICATION_BALANCER = re.compile(r"\.[a-z]{2}(-[a-z]+)+-\d\.elb\.amazonaws\.com\.?$")


def check(record: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if record.properties.get("type") not in WEB_TYPES:
        raise NotApplicable("records of its type cannot be proxied")
    if record.properties.get("proxied"):
        return
    zone = zone_of(record, stack)
    if not zone.proxied:
        raise NotApplicable("no record of the zone is proxied")
    if str(record.properties.get("name")).startswith("_"):
        raise NotApplicable("a name that starts with _ is not the name of a host")
    target = content(record)
    proxied_targets = {content(each) for each in zone.proxied} - {""}
    leads = [balancer for balancer in balancers(record, stack) if _for_web(balancer)]
    if target in proxied_targets:
        yield Finding("proxied", "false, while a proxied record has the same target", "true, or another target")
    elif leads or APPLICATION_BALANCER.search(target):
        yield Finding("proxied", "false, for an application load balancer", "true")
    else:
        record.properties.get("content")  # raises UnknownValue
        raise NotApplicable("its target is not known to be a web host")


def _for_web(balancer: Resource) -> bool:
    return balancer.properties.get("loadBalancerType") in (None, "application") and not balancer.properties.get(
        "internal"
    )


RULE = StackRule(
    id="CF-007",
    name="cloudflare-web-hosts-proxied",
    title="Web hosts of a proxied zone are proxied by Cloudflare.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    applies_to=RECORDS,
    check=check,
    remediation="Set proxied to true, or point the record at a target that no proxied record has.",
    example="""cloudflare.DnsRecord(
    "api", zone_id=zone_id, name="api.example.com", type="CNAME", content=balancer.dns_name, ttl=1, proxied=True
)""",
    source="https://developers.cloudflare.com/dns/proxy-status/",
    read=date(2026, 11, 24),
)
