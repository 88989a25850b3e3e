"""ECS-007: a container runs as a non-root user that the task definition names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, linux_containers
from .sidecars import programs


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in programs(linux_containers(task)):
        user = str(container.get("user") or "").partition(":")[0]
        if user in ("root", "0"):
            yield Finding(f"{path}.user", "root", "a user id above 0")
        elif not user:
            yield Finding(f"{path}.user", "not set, so the image decides (usually root)", "a user id above 0")


RULE = ResourceRule(
    id="ECS-007",
    name="task-user",
    title="A container runs as a non-root user.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Set user to the numeric uid:gid of a user in the image, for example 1000:1000 for `node`.",
    example='container = {"name": "api", "user": "1000:1000"}',
    source="https://docs.aws.amazon.com/config/latest/developerguide/ecs-task-definition-linux-user-non-root.html",
    read=date(2026, 11, 24),
)
