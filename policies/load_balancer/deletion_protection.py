"""ALB-008: AWS refuses to delete a load balancer until its deletion protection is disabled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, shown
from .balancers import LOAD_BALANCERS


def check(balancer: Resource, _parameters: Parameters) -> Iterator[Finding]:
    protected = balancer.properties.get("enableDeletionProtection")
    if not protected:
        yield Finding("enableDeletionProtection", shown(protected), "true")


RULE = ResourceRule(
    id="ALB-008",
    name="load-balancer-deletion-protection",
    title="A load balancer has deletion protection enabled.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # a stack that is destroyed regularly cannot have it
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Set enable_deletion_protection; disable it in a separate deployment before you destroy the stack.",
    example="""aws.lb.LoadBalancer(
    "api",
    enable_deletion_protection=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-6",
    read=date(2026, 11, 24),
)
