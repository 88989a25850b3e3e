"""ECS-003: every container sends its logs to a destination that outlives the task."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Indeterminate, Parameters, Resource, ResourceRule, Severity, shown
from .definitions import TASK_DEFINITION, containers
from .sidecars import programs

# These drivers keep logs on the instance; an agent may or may not forward them.
LOCAL_DRIVERS = frozenset({"journald", "json-file", "local"})


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    local: list[str] = []
    for path, container in programs(containers(task)):
        driver = (container.get("logconfiguration") or {}).get("logdriver")
        if driver in (None, "", "none"):
            yield Finding(f"{path}.logConfiguration.logDriver", shown(driver), "awslogs, awsfirelens, splunk")
        elif driver in LOCAL_DRIVERS:
            local.append(path)
    if local:
        raise Indeterminate(
            f"{', '.join(local)}: the logs stay on the instance; the rule cannot see whether an agent forwards them"
        )


RULE = ResourceRule(
    id="ECS-003",
    name="task-logs",
    title="Every container sends its logs to a destination outside its host.",
    item=ChecklistItem.LOGGING,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Give the container a logConfiguration with the awslogs driver, or with awsfirelens and a log router.",
    example="""container = {
    "name": "api",
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": logs.name,
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "api",
        },
    },
}""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/ecs-task-definition-log-configuration.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the program writes structured logs, nor at which level.",
)
