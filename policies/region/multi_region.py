"""REG-001: users in other regions are served by a CDN or from another region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..cdn.behaviors import DISTRIBUTION
from ..load_balancer.balancers import LOAD_BALANCERS
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

ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator"
AWS_RECORD = "aws:route53/record:Record"
CLOUDFLARE_RECORDS = ("cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record")
# A record with such a routing policy has a counterpart in another region.
REGIONAL_ROUTING = ("latencyRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy")


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if balancer.properties.get("internal"):
        raise NotApplicable("the load balancer is internal")
    if any(True for _ in stack.of((DISTRIBUTION, ACCELERATOR))):
        return
    if any(record.properties.get("proxied") is True for record in stack.of(CLOUDFLARE_RECORDS)):
        return
    if any(record.properties.get(key) for record in stack.of((AWS_RECORD,)) for key in REGIONAL_ROUTING):
        return
    home = _region(balancer)
    if any(_region(other) not in (home, None) for other in stack.of(LOAD_BALANCERS)):
        return
    yield Finding("region", "one region without a CDN", "a CDN or a second region")


def _region(balancer: Resource) -> Any:
    try:
        return balancer.outputs.get("region") or str(balancer.outputs.get("arn") or ":::").split(":")[3] or None
    except UnknownValue:
        return None


RULE = StackRule(
    id="REG-001",
    name="multi-region-or-cdn",
    title="A CDN or a second region serves users in other regions.",
    item=ChecklistItem.CDN,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.LOW,
    # Advisory: users in one country need no second region.
    level=Level.ADVISORY,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation=(
        "Add CloudFront, Cloudflare or Global Accelerator in front of the load balancer, or deploy to a second region."
    ),
    example="""aws.cloudfront.Distribution(
    "site",
    enabled=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/wellarchitected/latest/performance-efficiency-pillar/"
    "perf_networking_choose_workload_location_network_requirements.html",
    read=None,
    unproven=(
        "The rule does not see whether the service survives the loss of its region; a CDN alone does not ensure that."
    ),
)
