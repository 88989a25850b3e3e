"""ECS-005: a container has a read-only root file system.

ECS Exec needs a writable one, since the session's agent writes there: use an exception with an expiry date while you
debug.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown
from .definitions import TASK_DEFINITION, linux_containers
from .sidecars import programs


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in programs(linux_containers(task)):
        if container.get("readonlyrootfilesystem") is not True:
            yield Finding(
                f"{path}.readonlyRootFilesystem", shown(container.get("readonlyrootfilesystem")), "true, with a tmpfs"
            )


RULE = ResourceRule(
    id="ECS-005",
    name="task-read-only-root",
    title="A container's root file system is read-only.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Set readonlyRootFilesystem to true and mount a tmpfs or a volume where the program has to write.",
    example="""container = {
    "name": "api",
    "readonlyRootFilesystem": True,
    "linuxParameters": {"tmpfs": [{"containerPath": "/tmp", "size": 64}]},
}""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/ecs-containers-readonly-access.html",
    read=date(2026, 11, 24),
)
