"""ECS-006: no container runs privileged or with capabilities that amount to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers
from .sidecars import is_sidecar

# Each of these equals privileged mode: SYS_ADMIN allows a container to mount the host's disks.
EQUIVALENT_TO_PRIVILEGED = frozenset({"ALL", "SYS_ADMIN"})


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in containers(task):
        if container.get("privileged") is True:
            yield Finding(f"{path}.privileged", "true", "false")
        if is_sidecar(container):  # a monitoring agent needs them to observe the host's kernel
            continue
        added = ((container.get("linuxparameters") or {}).get("capabilities") or {}).get("add") or ()
        for capability in sorted(EQUIVALENT_TO_PRIVILEGED.intersection(added)):
            wanted = "only the capabilities that the program needs"
            yield Finding(f"{path}.linuxParameters.capabilities.add", capability, wanted)


RULE = ResourceRule(
    id="ECS-006",
    name="task-unprivileged",
    title="No container is privileged.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.CRITICAL,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Remove privileged, and add only the Linux capability that the program needs.",
    example='container = {"name": "api", "linuxParameters": {"capabilities": {"drop": ["ALL"]}}}',
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    read=date(2026, 11, 24),
)
