"""NET-002: an ECS service is reachable only through its load balancer, even when its tasks have public addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .public_cidr import SECURITY_GROUPS, public_openings
from .public_ingress import EXAMPLE
from .sources import sources


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    groups = sources(service, "networkConfiguration", stack, SECURITY_GROUPS)
    for path, opening in public_openings(groups, stack):
        yield Finding(
            f"networkConfiguration.securityGroups {path}",
            str(opening),
            "ingress from the load balancer's security group only",
        )


RULE = StackRule(
    id="NET-002",
    name="service-behind-edge",
    title="An ECS service is reachable from the internet only through its load balancer.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=("aws:ecs/service:Service",),
    check=check,
    remediation="Give the service its own security group that allows only the load balancer's security group.",
    example=EXAMPLE,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html",
    read=date(2026, 11, 24),
)
