"""ALB-010: a load balancer has nodes in at least two Availability Zones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    ResourceRule,
    Severity,
    declared,
)
from .balancers import LOAD_BALANCERS

MINIMUM_ZONES = 2


def check(balancer: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if declared(balancer.properties, "customerOwnedIpv4Pool"):
        raise NotApplicable("the load balancer is on an Outpost, which has one location")
    # A load balancer accepts one subnet per zone, so the number of subnets equals the number of zones.
    key = "subnetMappings" if declared(balancer.properties, "subnetMappings") else "subnets"
    count = len(balancer.properties.get(key) or ())
    if count < MINIMUM_ZONES:
        yield Finding(key, f"{count} given", f"{MINIMUM_ZONES} or more, each in another zone")


RULE = ResourceRule(
    id="ALB-010",
    name="load-balancer-zones",
    title="A load balancer is in at least two Availability Zones.",
    item=ChecklistItem.BASELINE,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.HIGH,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Give the load balancer a subnet in each of at least two Availability Zones.",
    example="""aws.lb.LoadBalancer(
    "api",
    subnets=[subnet.id for subnet in public_subnets],  # one in each zone
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-13",
    read=date(2026, 11, 24),
)
