"""ALB-004: an Application Load Balancer drops header fields with invalid names, which prevents request smuggling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown
from .balancers import LOAD_BALANCERS, require_application


def check(balancer: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_application(balancer)
    drops = balancer.properties.get("dropInvalidHeaderFields")
    if not drops:
        yield Finding("dropInvalidHeaderFields", shown(drops), "true")


RULE = ResourceRule(
    id="ALB-004",
    name="load-balancer-invalid-headers",
    title="A load balancer drops header fields with invalid names.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Set drop_invalid_header_fields; names of letters, digits and hyphens stay valid.",
    example="""aws.lb.LoadBalancer(
    "api",
    drop_invalid_header_fields=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-4",
    read=date(2026, 11, 24),
)
