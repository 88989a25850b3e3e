"""CDN-015: viewers may use HTTP/2, HTTP/3 and IPv6."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, shown
from .behaviors import DISTRIBUTION

WANTED = "http2and3"


def check(distribution: Resource, _parameters: Parameters) -> Iterator[Finding]:
    version = distribution.properties.get("httpVersion")
    if version != WANTED:
        found = shown(version) if version else 'not set, which means "http2"'
        yield Finding("httpVersion", found, f'"{WANTED}"')
    ipv6 = distribution.properties.get("isIpv6Enabled")
    if ipv6 is not True:
        yield Finding("isIpv6Enabled", shown(ipv6), "true")


RULE = ResourceRule(
    id="CDN-015",
    name="cdn-modern-protocols",
    title="CloudFront supports HTTP/2, HTTP/3 and IPv6.",
    item=ChecklistItem.RESPONSE_TIME,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Set http_version to http2and3 and is_ipv6_enabled to true, and add an AAAA record for the name.",
    example="""aws.cloudfront.Distribution(
    "site",
    http_version="http2and3",
    is_ipv6_enabled=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html",
    read=date(2026, 11, 24),
)
