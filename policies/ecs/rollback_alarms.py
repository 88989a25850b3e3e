"""ECS-010: a CloudWatch alarm that fires during a deployment rolls it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    block,
    declared,
    shown,
)
from .services import SERVICE, controller, require_load_balancer


def check(service: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if controller(service) != "ECS":
        raise NotApplicable("another deployment controller than ECS deploys the service")
    require_load_balancer(service)
    alarms = block(service.properties, "alarms")
    if not declared(alarms, "alarmNames"):
        yield Finding("alarms.alarmNames", "not set", "alarms on the load balancer's errors and latency")
        return
    for key in ("enable", "rollback"):
        if not alarms.get(key):
            yield Finding(f"alarms.{key}", shown(alarms.get(key)), "true")


RULE = ResourceRule(
    id="ECS-010",
    name="service-rollback-alarms",
    title="A deployment rolls back when a CloudWatch alarm fires.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # the circuit breaker already rolls back tasks that fail to start
    applies_to=(SERVICE,),
    check=check,
    remediation="Name an alarm on the load balancer's 5xx responses under alarms, with enable and rollback.",
    example="""aws.ecs.Service(
    "api",
    task_definition=task.arn,
    alarms={"alarm_names": [errors.name], "enable": True, "rollback": True},
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentAlarms.html",
    read=date(2026, 11, 24),
)
