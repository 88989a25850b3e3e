"""ECS-008: a task shares no network, process or memory namespace with its host."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers
from .sidecars import programs


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    shared = [key for key in ("networkMode", "pidMode", "ipcMode") if task.properties.get(key) == "host"]
    if shared and not list(programs(containers(task))):
        raise NotApplicable("a monitoring agent needs the host's namespaces")
    for key in shared:
        yield Finding(key, '"host"', '"awsvpc"' if key == "networkMode" else "not set")


RULE = ResourceRule(
    id="ECS-008",
    name="task-host-namespaces",
    title="A task shares no network, process or memory namespace with its host.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Set network_mode to awsvpc and leave out pid_mode and ipc_mode.",
    example="""aws.ecs.TaskDefinition(
    "api",
    family="api",
    network_mode="awsvpc",
    container_definitions=definitions,
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html",
    read=date(2026, 11, 24),
)
