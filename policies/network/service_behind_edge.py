"""NET-002: clients reach an ECS service through its load balancer, also where its tasks have public addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .world import INGRESS_RULES, SECURITY_GROUPS, openings


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    flows = service.references.get("networkConfiguration", frozenset())
    for group in stack.of(SECURITY_GROUPS):
        if group.urn not in flows:
            continue
        for holder in (group, *stack.referring(INGRESS_RULES, "securityGroupId", group, "id")):
            for opening in openings(holder):
                yield Finding(
                    f"networkConfiguration.securityGroups ({group.name}), {holder.name}: {opening.path}",
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
