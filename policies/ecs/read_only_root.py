"""ECS-005: a program cannot write to its own root file system.

With ECS Exec it must be writable, since the session's agent lives there: an exception with an expiry date says for how
long somebody looks into something.
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
    remediation="Set readonlyRootFilesystem to true and give the program a tmpfs or a volume where it has to write.",
    example="""container = {
    "name": "api",
    "readonlyRootFilesystem": True,
    "linuxParameters": {"tmpfs": [{"containerPath": "/tmp", "size": 64}]},
}""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/ecs-containers-readonly-access.html",
    read=date(2026, 11, 24),
)
