"""ECS-016: a container has an init process and enough time to stop.

Restarts are evaluated by ECS-017.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameter, Parameters, Resource, ResourceRule, Severity, shown
from .definitions import TASK_DEFINITION, linux_containers
from .sidecars import programs

STOP_SECONDS = Parameter(
    name="minimumStopSeconds",
    schema={"type": "integer", "minimum": 2, "maximum": 120},
    default=10,
    what="Minimum time in seconds between SIGTERM and SIGKILL.",
)
DEFAULT_STOP_SECONDS = 30


def check(task: Resource, parameters: Parameters) -> Iterator[Finding]:
    minimum = parameters[STOP_SECONDS.name]
    for path, container in programs(linux_containers(task)):
        init = (container.get("linuxparameters") or {}).get("initprocessenabled")
        if init is not True:
            yield Finding(f"{path}.linuxParameters.initProcessEnabled", shown(init), "true")
        stop = container.get("stoptimeout")
        if (stop if stop is not None else DEFAULT_STOP_SECONDS) < minimum:
            yield Finding(f"{path}.stopTimeout", shown(stop), f"{minimum} seconds or more")


RULE = ResourceRule(
    id="ECS-016",
    name="task-process-manager",
    title="A container runs an init process and has enough time to shut down.",
    item=ChecklistItem.PROCESS_MANAGER,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # an image may contain its own init
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation=(
        "Set linuxParameters.initProcessEnabled to true, and stopTimeout to the duration of the longest request."
    ),
    example="""container = {
    "name": "api",
    "linuxParameters": {"initProcessEnabled": True},
    "stopTimeout": 30,
}""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html",
    read=date(2026, 11, 24),
    parameters=(STOP_SECONDS,),
    unproven="The rule does not see whether the program exits on SIGTERM after it has answered its open requests.",
)
