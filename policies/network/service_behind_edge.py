"""NET-002: clients reach an ECS service through its load balancer, also where its tasks have public addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .public_cidr import SECURITY_GROUPS, ways_in
from .sources import sources


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    groups = sources(service, "networkConfiguration", stack, SECURITY_GROUPS)
    for path, opening in ways_in(groups, stack):
        yield Finding(
            f"networkConfiguration.securityGroups {path}",
            str(opening),
            "ingress from the load balancer's security group alone",
        )


RULE = StackRule(
    id="NET-002",
    name="service-behind-edge",
    title="The world reaches an ECS service through its load balancer, never past it.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=("aws:ecs/service:Service",),
    check=check,
    remediation="Give the service a security group of its own that lets in the load balancer's group only.",
    example="""aws.vpc.SecurityGroupIngressRule(
    "from-balancer",
    security_group_id=tasks.id,
    referenced_security_group_id=balancer.id,
    ip_protocol="tcp",
    from_port=5000,
    to_port=5000,
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html",
    read=date(2026, 11, 24),
)
