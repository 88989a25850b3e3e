"""ECS-023: a deployment keeps the full number of tasks running: it starts new tasks before it stops the old ones."""

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
from .services import SERVICE, controller, is_daemon, require_load_balancer

HEALTHY_PERCENT = Parameter(
    name="minimumHealthyPercent",
    schema={"type": "integer", "minimum": 1, "maximum": 100},
    default=100,
    what="Minimum percentage of a service's tasks that must keep running during a deployment.",
)
DEFAULT_PERCENT = 100  # of a service that is not a daemon


def check(service: Resource, parameters: Parameters) -> Iterator[Finding]:
    if controller(service) != "ECS":
        raise NotApplicable("another deployment controller than ECS deploys the service")
    if is_daemon(service):
        raise NotApplicable("a daemon service stops a task before it starts the new one")
    require_load_balancer(service)
    minimum = parameters[HEALTHY_PERCENT.name]
    percent = number(service.properties, "deploymentMinimumHealthyPercent")
    if (percent if percent is not None else DEFAULT_PERCENT) < minimum:
        yield Finding("deploymentMinimumHealthyPercent", shown(percent), f"{minimum} or more")


RULE = ResourceRule(
    id="ECS-023",
    name="service-minimum-healthy-percent",
    title="A deployment keeps all of a service's tasks running.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # a service with many tasks can run with fewer for minutes
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
