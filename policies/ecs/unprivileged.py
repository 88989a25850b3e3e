"""ECS-006: no container has the rights of the host it runs on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers
from .sidecars import is_sidecar

# Each is as good as privileged: SYS_ADMIN mounts the host's disks.
HOSTS_OWN = frozenset({"ALL", "SYS_ADMIN"})


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in containers(task):
        if container.get("privileged") is True:
            yield Finding(f"{path}.privileged", "true", "false")
        if is_sidecar(container):  # an agent that watches the host's kernel has to have them
            continue
        added = ((container.get("linuxparameters") or {}).get("capabilities") or {}).get("add") or ()
        for capability in sorted(HOSTS_OWN.intersection(added)):
            yield Finding(f"{path}.linuxParameters.capabilities.add", capability, "the capabilities that it needs")


RULE = ResourceRule(
    id="ECS-006",
    name="task-unprivileged",
    title="No container is privileged.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.CRITICAL,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Leave out privileged, and add the one Linux capability that the program needs.",
    example='container = {"name": "api", "linuxParameters": {"capabilities": {"drop": ["ALL"]}}}',
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    read=date(2026, 11, 24),
)
