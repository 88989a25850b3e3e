"""ECS-023: a deployment starts the new tasks before it stops the old ones, so that no capacity is missing meanwhile."""

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
from .services import SERVICE, balanced, controller, is_daemon

HEALTHY_PERCENT = Parameter(
    name="minimumHealthyPercent",
    schema={"type": "integer", "minimum": 1, "maximum": 100},
    default=100,
    what="Percent of a service's tasks that run at any time of a deployment.",
)
USUAL_PERCENT = 100  # where nothing is said of a service that is no daemon


def check(service: Resource, parameters: Parameters) -> Iterator[Finding]:
    if controller(service) != "ECS":
        raise NotApplicable("ECS does not deploy it")
    if is_daemon(service):
        raise NotApplicable("a daemon stops before its successor starts")
    balanced(service)
    least = parameters[HEALTHY_PERCENT.name]
    percent = service.properties.get("deploymentMinimumHealthyPercent")
    if (percent if percent is not None else USUAL_PERCENT) < least:
        yield Finding("deploymentMinimumHealthyPercent", shown(percent), f"{least} or more")


RULE = ResourceRule(
    id="ECS-023",
    name="service-minimum-healthy-percent",
    title="A deployment takes no capacity away.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # with many tasks, or full instances, a part may well be missing for minutes
    applies_to=(SERVICE,),
    check=check,
    remediation="Set deployment_minimum_healthy_percent to 100 and deployment_maximum_percent to 200.",
    example="""aws.ecs.Service(
    "api",
    task_definition=task.arn,
    deployment_minimum_healthy_percent=100,
    deployment_maximum_percent=200,
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html",
    read=date(2026, 11, 24),
    parameters=(HEALTHY_PERCENT,),
)
