"""ECS-017: a program that crashes is started again: by its service, or in its task by a restart policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule
from .definitions import TASK_DEFINITION, containers
from .services import SERVICE
from .sidecars import programs

ENDS = frozenset({"COMPLETE", "SUCCESS"})


def check(task: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in stack.referring((SERVICE,), "taskDefinition", task, "arn")):
        raise NotApplicable("no service of the stack keeps it running: it is meant to end")
    all_ = list(containers(task))
    ending = {
        str(needed.get("containername"))
        for _, container in all_
        for needed in container.get("dependson") or ()
        if needed.get("condition") in ENDS
    }
    for path, container in programs(iter(all_)):
        if container.get("name") in ending:
            continue
        essential = container.get("essential") is not False
        if not essential and (container.get("restartpolicy") or {}).get("enabled") is not True:
            yield Finding(f"{path}.essential", "false, without a restart policy", "true, or restartPolicy.enabled")


RULE = StackRule(
    id="ECS-017",
    name="service-restarts",
    title="A service starts a program again that crashed.",
    item=ChecklistItem.AUTO_RESTART,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Mark the container as essential, so that the service replaces its task, or give it a restartPolicy.",
    example='container = {"name": "api", "essential": True, "restartPolicy": {"enabled": True}}',
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    read=date(2026, 11, 24),
    unproven="What runs outside of ECS, and that the program ends when it can do no more.",
)
