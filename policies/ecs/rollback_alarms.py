"""ECS-010: a deployment that users suffer from is undone: an alarm that goes off while it runs rolls it back."""

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
from .services import SERVICE, balanced, controller


def check(service: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if controller(service) != "ECS":
        raise NotApplicable("ECS does not deploy it")
    balanced(service)
    alarms = block(service.properties, "alarms")
    if not declared(alarms, "alarmNames"):
        yield Finding("alarms.alarmNames", "not set", "alarms on the errors and the latency of the load balancer")
        return
    for key in ("enable", "rollback"):
        if not alarms.get(key):
            yield Finding(f"alarms.{key}", shown(alarms.get(key)), "true")


RULE = ResourceRule(
    id="ECS-010",
    name="service-rollback-alarms",
    title="An alarm that goes off during a deployment rolls it back.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # the circuit breaker undoes what does not start; this is the next step
    applies_to=(SERVICE,),
    check=check,
    remediation="Name an alarm on the load balancer's 5xx answers under alarms, with enable and rollback.",
    example="""aws.ecs.Service(
    "api",
    task_definition=task.arn,
    alarms={"alarm_names": [errors.name], "enable": True, "rollback": True},
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentAlarms.html",
    read=date(2026, 11, 24),
)
