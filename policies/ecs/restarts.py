"""ECS-017: a crashed container is restarted, by its service or by a restart policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule
from .definitions import TASK_DEFINITION, containers
from .services import SERVICE
from .sidecars import programs

COMPLETED = frozenset({"COMPLETE", "SUCCESS"})


def check(task: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in stack.referring((SERVICE,), "taskDefinition", task, "arn")):
        raise NotApplicable("no service of this stack runs the task, so it may exit")
    found = list(containers(task))
    short_lived = {
        str(needed.get("containername"))
        for _, container in found
        for needed in container.get("dependson") or ()
        if needed.get("condition") in COMPLETED
    }
    for path, container in programs(iter(found)):
        if container.get("name") in short_lived:
            continue
        essential = container.get("essential") is not False
        if not essential and (container.get("restartpolicy") or {}).get("enabled") is not True:
            yield Finding(f"{path}.essential", "false, without a restart policy", "true, or restartPolicy.enabled true")


RULE = StackRule(
    id="ECS-017",
    name="service-restarts",
    title="A service restarts a crashed container.",
    item=ChecklistItem.AUTO_RESTART,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Mark the container as essential, so that the service replaces its task, or give it a restartPolicy.",
    example='container = {"name": "api", "essential": True, "restartPolicy": {"enabled": True}}',
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see programs outside ECS, nor whether the program exits when it can no longer work.",
)
