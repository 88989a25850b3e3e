"""ALB-011: a deregistered target can finish its requests, and a deployment does not wait for it too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..inputs import number
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
    "maximumDelay",
    {"type": "integer", "minimum": 1, "maximum": 3600},
    300,
    "Maximum deregistration delay in seconds.",
)


def check(group: Resource, parameters: Parameters) -> Iterator[Finding]:
    if group.properties.get("targetType") == "lambda":
        raise NotApplicable("a Lambda target has no connections to drain")
    if group.properties.get("protocol") not in ("HTTP", "HTTPS"):
        raise NotApplicable("its targets do not use HTTP, so connections may last for hours")
    delay = number(group.properties, "deregistrationDelay")
    maximum = parameters[DELAY.name]
    # The AWS default is 300 seconds.
    if delay is not None and not 0 < delay <= maximum:
        yield Finding("deregistrationDelay", f"{shown(delay)} seconds", f"1 to {maximum} seconds")


RULE = ResourceRule(
    id="ALB-011",
    name="target-group-deregistration-delay",
    title="A target group's deregistration delay is between one second and a few minutes.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # downloads and WebSockets need a longer delay
    applies_to=TARGET_GROUPS,
    check=check,
    remediation="Set deregistration_delay to the duration of your longest request, and match the tasks' stop timeout.",
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
    unproven="The rule does not see the tasks' stop timeout, nor whether they stop accepting requests on SIGTERM.",
)
