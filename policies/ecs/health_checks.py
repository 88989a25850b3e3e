"""ECS-018: ECS asks a program whether it is well where no load balancer does.

A target group always asks; how, the rules on load balancers evaluate.
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
        raise NotApplicable("no service of the stack keeps it running")
    if all(service.properties.get("loadBalancers") for service in services):
        raise NotApplicable("its load balancer asks")
    callable_ = [(path, each) for path, each in programs(containers(task)) if each.get("portmappings")]
    if not callable_:
        raise NotApplicable("nobody calls it, and ECS sees whether it runs")
    for path, container in callable_:
        if not (container.get("healthcheck") or {}).get("command"):
            yield Finding(f"{path}.healthCheck", "missing, and no load balancer asks", "a command that asks /health")


RULE = StackRule(
    id="ECS-018",
    name="service-health-checks",
    title="A health check watches each service that is called without a load balancer.",
    item=ChecklistItem.HEALTH_CHECK,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Give the container a healthCheck whose command asks the program's health endpoint.",
    example="""container = {
    "name": "api",
    "portMappings": [{"containerPort": 5000}],
    "healthCheck": {"command": ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:5000/health || exit 1"]},
}""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
    read=date(2026, 11, 24),
    unproven="What the endpoint looks at before it answers.",
)
