"""ALB-009: an HTTP target group has a health check with its own path and short intervals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..inputs import number
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
    "maximumInterval",
    {"type": "integer", "minimum": 5, "maximum": 300},
    60,
    "Maximum health check interval in seconds.",
)
FAILURES = Parameter(
    "maximumFailures",
    {"type": "integer", "minimum": 2, "maximum": 10},
    5,
    "Maximum number of consecutive failed checks before a target is unhealthy.",
)


def check(group: Resource, parameters: Parameters) -> Iterator[Finding]:
    if group.properties.get("targetType") == "lambda":
        raise NotApplicable("each health check would invoke the function, so they are disabled by default")
    protocol = group.properties.get("protocol")
    if protocol not in ("HTTP", "HTTPS"):
        raise NotApplicable(f"its protocol is {protocol or 'not set'}, not HTTP")
    health_check = block(group.properties, "healthCheck")
    if health_check.get("enabled") is False:
        yield Finding("healthCheck.enabled", "false", "true")
    if not declared(health_check, "path") or health_check.get("path") == "":
        yield Finding("healthCheck.path", 'not set (AWS defaults to "/")', "the service's health endpoint")
    for key, maximum, unit in (
        ("interval", parameters[INTERVAL.name], "seconds"),
        ("unhealthyThreshold", parameters[FAILURES.name], "consecutive failed checks"),
    ):
        # The AWS defaults are 30 seconds and 3 failures.
        if (value := number(health_check, key)) is not None and value > maximum:
            yield Finding(f"healthCheck.{key}", shown(value), f"{maximum} {unit} or fewer")


RULE = ResourceRule(
    id="ALB-009",
    name="target-group-health-check",
    title="An HTTP target group has a health check that detects failures within minutes.",
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
    # Checkov requires the path, too (CKV_AWS_261); the defaults are those of TargetGroup in the installed pulumi_aws 7.
    source="https://www.pulumi.com/registry/packages/aws/api-docs/lb/targetgroup/#targetgrouphealthcheck",
    read=date(2026, 11, 24),
    parameters=(INTERVAL, FAILURES),
    unproven=(
        "The rule does not see whether the endpoint fails when the service cannot work, for example without its "
        "database."
    ),
)
