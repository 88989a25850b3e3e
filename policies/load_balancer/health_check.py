"""ALB-009: a group of HTTP targets is checked on a path of its own, and soon enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameter,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    block,
    declared,
    shown,
)
from .balancers import TARGET_GROUPS

INTERVAL = Parameter(
    "longestInterval",
    {"type": "integer", "minimum": 5, "maximum": 300},
    60,
    "The most seconds that may pass between two checks of a target.",
)
FAILURES = Parameter(
    "mostFailures",
    {"type": "integer", "minimum": 2, "maximum": 10},
    5,
    "How many checks in a row a target may fail before it gets no more requests, at most.",
)


def check(group: Resource, parameters: Parameters) -> Iterator[Finding]:
    if group.properties.get("targetType") == "lambda":
        raise NotApplicable("each health check would start the function, so they are off by default")
    protocol = group.properties.get("protocol")
    if protocol not in ("HTTP", "HTTPS"):
        raise NotApplicable(f"its targets speak {protocol or 'no protocol'}, not HTTP")
    probe = block(group.properties, "healthCheck")
    if probe.get("enabled") is False:
        yield Finding("healthCheck.enabled", "false", "true")
    if not declared(probe, "path") or probe.get("path") == "":
        yield Finding("healthCheck.path", 'not set, which AWS takes for "/"', "the service's health endpoint")
    for key, most, unit in (
        ("interval", parameters[INTERVAL.name], "seconds"),
        ("unhealthyThreshold", parameters[FAILURES.name], "failed checks in a row"),
    ):
        # Left out, they are AWS's 30 seconds and 3 failures.
        if (value := probe.get(key)) is not None and value > most:
            yield Finding(f"healthCheck.{key}", shown(value), f"{most} {unit} or fewer")


RULE = ResourceRule(
    id="ALB-009",
    name="target-group-health-check",
    title="A load balancer asks each target's health endpoint, and stops sending to one that fails within minutes.",
    item=ChecklistItem.HEALTH_CHECK,
    severity=Severity.HIGH,
    applies_to=TARGET_GROUPS,
    check=check,
    remediation="Give the target group a health_check with the path of the service's health endpoint.",
    example="""aws.lb.TargetGroup(
    "api",
    port=5000,
    protocol="HTTP",
    target_type="ip",
    vpc_id=vpc.id,
    health_check={"path": "/health", "interval": 15, "healthy_threshold": 2, "unhealthy_threshold": 3},
)""",
    # Checkov asks for the path too (CKV_AWS_261); the defaults are those of pulumi_aws 7's TargetGroup, as installed.
    source="https://www.pulumi.com/registry/packages/aws/api-docs/lb/targetgroup/#targetgrouphealthcheck",
    read=date(2026, 11, 24),
    parameters=(INTERVAL, FAILURES),
    unproven="That the endpoint fails when the service cannot work, e.g. without its database.",
)
