"""ECS-015: the program has a role of its own, not the one by which ECS reads its secrets and pulls its image."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from ..values import UnknownValue
from .definitions import TASK_DEFINITION

ROLE_TYPE = "aws:iam/role:Role"


def check(task: Resource, _stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    try:
        own = task.properties.get("taskRoleArn")
        same = own is not None and own == task.properties.get("executionRoleArn")
    except UnknownValue:  # the role is being made; where the value comes from is known all the same
        sources = [_roles(task, key) for key in ("taskRoleArn", "executionRoleArn")]
        if not all(sources):
            raise
        same = sources[0] == sources[1]
    if same:
        yield Finding("taskRoleArn", "the execution role", "a role of the program's own, or none")


def _roles(task: Resource, key: str) -> frozenset[str]:
    """The roles of the stack that a property's value comes from."""
    return frozenset(urn for urn in task.references.get(key, ()) if urn.split("::")[2].rpartition("$")[2] == ROLE_TYPE)


RULE = StackRule(
    id="ECS-015",
    name="task-separate-roles",
    title="A task's role is another one than its execution role.",
    item=ChecklistItem.SECRETS,
    severity=Severity.MEDIUM,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Make a role for the program alone, with the rights that it needs itself.",
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
