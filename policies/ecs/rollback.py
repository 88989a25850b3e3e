"""ECS-009: a failed deployment is rolled back automatically."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    shown,
)
from .services import SERVICE, controller

DEPLOYMENT_GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup"


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    match controller(service):
        case "EXTERNAL":
            raise NotApplicable("an external deployment controller deploys the service")
        case "CODE_DEPLOY":
            groups = [*stack.referring((DEPLOYMENT_GROUP,), "ecsService", service, "name")]
            if not groups:
                raise Indeterminate("its CodeDeploy deployment group is not in this stack")
            for group in groups:
                rollback = block(group.properties, "autoRollbackConfiguration")
                if not rollback.get("enabled"):
                    path = f"deployment group {group.name}: autoRollbackConfiguration.enabled"
                    yield Finding(path, shown(rollback.get("enabled")), "true, for DEPLOYMENT_FAILURE")
        case _:
            breaker = block(service.properties, "deploymentCircuitBreaker")
            for key in ("enable", "rollback"):
                if not breaker.get(key):
                    yield Finding(f"deploymentCircuitBreaker.{key}", shown(breaker.get(key)), "true")


RULE = StackRule(
    id="ECS-009",
    name="service-rollback",
    title="A failed deployment rolls back automatically.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.HIGH,
    applies_to=(SERVICE,),
    check=check,
    remediation="Enable the deployment circuit breaker with rollback.",
    example="""aws.ecs.Service(
    "api",
    task_definition=task.arn,
    deployment_circuit_breaker={"enable": True, "rollback": True},
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html",
    read=date(2026, 11, 24),
    unproven=(
        "The rule does not see a new version that starts and answers but behaves wrongly, nor what it changed in the "
        "database."
    ),
)
