"""ECS-016: the work of a process manager is done: children are reaped, and a program has time to finish its requests.

Restarts, the other half of that work, are ECS-017's.
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
    what="How long, in seconds, a program has from SIGTERM to SIGKILL at the least.",
)
USUAL_STOP_SECONDS = 30  # where nothing is said


def check(task: Resource, parameters: Parameters) -> Iterator[Finding]:
    least = parameters[STOP_SECONDS.name]
    for path, container in programs(linux_containers(task)):
        init = (container.get("linuxparameters") or {}).get("initprocessenabled")
        if init is not True:
            yield Finding(f"{path}.linuxParameters.initProcessEnabled", shown(init), "true")
        stop = container.get("stoptimeout")
        if (stop if stop is not None else USUAL_STOP_SECONDS) < least:
            yield Finding(f"{path}.stopTimeout", shown(stop), f"{least} seconds or more")


RULE = ResourceRule(
    id="ECS-016",
    name="task-process-manager",
    title="An init process reaps what a program leaves behind, and the program has time to end.",
    item=ChecklistItem.PROCESS_MANAGER,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # an image may bring an init of its own
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Set linuxParameters.initProcessEnabled to true, and stopTimeout to what the longest request takes.",
    example="""container = {
    "name": "api",
    "linuxParameters": {"initProcessEnabled": True},
    "stopTimeout": 30,
}""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html",
    read=date(2026, 11, 24),
    parameters=(STOP_SECONDS,),
    unproven="That the program ends on SIGTERM once its requests are answered.",
)
