"""ALB-005: an Application Load Balancer rejects ambiguous requests, which prevents HTTP desync attacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown
from .balancers import LOAD_BALANCERS, require_application


def check(balancer: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_application(balancer)
    mode = balancer.properties.get("desyncMitigationMode")
    # The AWS default is defensive.
    if mode not in (None, "defensive", "strictest"):
        yield Finding("desyncMitigationMode", shown(mode), '"defensive" or "strictest"')


RULE = ResourceRule(
    id="ALB-005",
    name="load-balancer-desync-mitigation",
    title="A load balancer rejects ambiguous HTTP requests.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Set desync_mitigation_mode to defensive, or remove it.",
    example="""aws.lb.LoadBalancer(
    "api",
    desync_mitigation_mode="defensive",
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-12",
    read=date(2026, 11, 24),
)
