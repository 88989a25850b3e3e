"""ECS-018: a container that is called without a load balancer has a container health check.

A target group always has a health check; the rules on load balancers evaluate it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule
from .definitions import TASK_DEFINITION, containers
from .services import SERVICE
from .sidecars import programs


def check(task: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    services = list(stack.referring((SERVICE,), "taskDefinition", task, "arn"))
    if not services:
        raise NotApplicable("no service of this stack runs the task")
    if all(service.properties.get("loadBalancers") for service in services):
        raise NotApplicable("the load balancer's target group checks its health")
    exposed = [(path, each) for path, each in programs(containers(task)) if each.get("portmappings")]
    if not exposed:
        raise NotApplicable("no container exposes a port, and ECS detects containers that exit")
    for path, container in exposed:
        if not (container.get("healthcheck") or {}).get("command"):
            yield Finding(f"{path}.healthCheck", "missing", "a command that calls /health")


RULE = StackRule(
    id="ECS-018",
    name="service-health-checks",
    title="A container that is called without a load balancer has a health check.",
    item=ChecklistItem.HEALTH_CHECK,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Give the container a healthCheck whose command calls the program's health endpoint.",
    example="""container = {
    "name": "api",
    "portMappings": [{"containerPort": 5000}],
    "healthCheck": {"command": ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:5000/health || exit 1"]},
}""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see what the health endpoint checks before it answers.",
)
