"""ALB-011: a target that leaves finishes its requests, and a deployment does not wait for it for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameter,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    shown,
)
from .balancers import TARGET_GROUPS

DELAY = Parameter(
    "longestDelay",
    {"type": "integer", "minimum": 1, "maximum": 3600},
    300,
    "The most seconds that a target may take to finish its requests.",
)


def check(group: Resource, parameters: Parameters) -> Iterator[Finding]:
    if group.properties.get("targetType") == "lambda":
        raise NotApplicable("a function has no connections to drain")
    if group.properties.get("protocol") not in ("HTTP", "HTTPS"):
        raise NotApplicable("its connections may last for hours by their nature")
    delay = group.properties.get("deregistrationDelay")
    most = parameters[DELAY.name]
    # Left out, it is AWS's 300 seconds.
    if delay is not None and not 0 < delay <= most:
        yield Finding("deregistrationDelay", f"{shown(delay)} seconds", f"1 to {most} seconds")


RULE = ResourceRule(
    id="ALB-011",
    name="target-group-deregistration-delay",
    title="A target that is replaced finishes its requests, and within minutes, so that a rollback does not wait.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # who serves downloads or websockets has a reason to wait longer
    applies_to=TARGET_GROUPS,
    check=check,
    remediation="Set deregistration_delay to the longest request you serve, and the tasks' stop timeout to match.",
    example="""aws.lb.TargetGroup(
    "api",
    port=5000,
    protocol="HTTP",
    target_type="ip",
    vpc_id=vpc.id,
    deregistration_delay=30,
)""",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html",
    read=date(2026, 11, 24),
    parameters=(DELAY,),
    unproven="That the tasks' stop timeout is as long, and that they stop taking requests when told to.",
)
