"""REG-001: users far away are served from more than one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..cdn.behaviors import DISTRIBUTION
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
)
from ..values import UnknownValue

BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator"
AWS_RECORD = "aws:route53/record:Record"
CLOUDFLARE_RECORDS = ("cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record")
# A record that answers by where the client is has another one in another region.
BY_PLACE = ("latencyRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy")


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if balancer.properties.get("internal"):
        raise NotApplicable("an internal load balancer serves no users")
    if any(True for _ in stack.of((DISTRIBUTION, ACCELERATOR))):
        return
    if any(record.properties.get("proxied") is True for record in stack.of(CLOUDFLARE_RECORDS)):
        return
    if any(record.properties.get(key) for record in stack.of((AWS_RECORD,)) for key in BY_PLACE):
        return
    home = _region(balancer)
    if any(_region(other) not in (home, None) for other in stack.of(BALANCERS)):
        return
    yield Finding("region", "the only one, without a CDN in front", "a CDN, or another region")


def _region(balancer: Resource) -> Any:
    try:
        return balancer.outputs.get("region") or str(balancer.outputs.get("arn") or ":::").split(":")[3] or None
    except UnknownValue:
        return None


RULE = StackRule(
    id="REG-001",
    name="multi-region-or-cdn",
    title="Users far away are served by a CDN or from another region.",
    item=ChecklistItem.CDN,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.LOW,
    # Advisory: users of one country need no second region.
    level=Level.ADVISORY,
    applies_to=BALANCERS,
    check=check,
    remediation="Put CloudFront, Cloudflare or a Global Accelerator in front, or run the stack in a second region.",
    example="""aws.cloudfront.Distribution(
    "site",
    enabled=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/wellarchitected/latest/performance-efficiency-pillar/"
    "perf_networking_choose_workload_location_network_requirements.html",
    read=None,
    unproven="That the service outlives its region: a CDN brings users nearer, and leaves the API where it is.",
)
