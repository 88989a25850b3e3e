"""ECS-015: a task has a task role that differs from its execution role, which pulls the image and reads the secrets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from ..values import UnknownValue
from .definitions import TASK_DEFINITION

ROLE_TYPE = "aws:iam/role:Role"


def check(task: Resource, _stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    try:
        task_role = task.properties.get("taskRoleArn")
        same = task_role is not None and task_role == task.properties.get("executionRoleArn")
    except UnknownValue:  # at preview the ARN is unknown, but the role that it comes from is known
        sources = [_roles(task, key) for key in ("taskRoleArn", "executionRoleArn")]
        if not all(sources):
            raise
        same = sources[0] == sources[1]
    if same:
        yield Finding("taskRoleArn", "the execution role", "a dedicated task role, or none")


def _roles(task: Resource, key: str) -> frozenset[str]:
    """Return the URNs of the stack's roles that a property's value comes from."""
    return frozenset(urn for urn in task.references.get(key, ()) if urn.split("::")[2].rpartition("$")[2] == ROLE_TYPE)


RULE = StackRule(
    id="ECS-015",
    name="task-separate-roles",
    title="A task's task role differs from its execution role.",
    item=ChecklistItem.SECRETS,
    severity=Severity.MEDIUM,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Create a dedicated task role that grants only the permissions the program needs.",
    example="""aws.ecs.TaskDefinition(
    "api",
    family="api",
    execution_role_arn=execution.arn,  # ECS: pulls the image, reads the secrets, writes the logs
    task_role_arn=program.arn,  # the program itself
    container_definitions=definitions,
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
    read=date(2026, 11, 24),
)
