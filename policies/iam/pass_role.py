"""IAM-005: iam:PassRole is limited to certain roles or to certain services.

Otherwise its holder can pass an administrator's role to a function that the holder controls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .admin_policy import ALL_ACTIONS
from .documents import covers_all_resources
from .grants import HOLDERS, grants

ANY_ROLE = re.compile(r"^(\*|arn:[^:]*:iam::[^:]*:(\*|role/?\*))$")


def check(holder: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    for statement in grants(holder, stack):
        if statement.not_actions or ALL_ACTIONS.intersection(statement.actions):
            continue  # IAM-001 reports it
        if not statement.allows_action("iam:passrole") or statement.requires("iam:passedtoservice"):
            continue
        if any(ANY_ROLE.match(resource) or covers_all_resources(resource) for resource in statement.resources):
            yield Finding(f"{statement.path}.Resource", "iam:PassRole with any role", "the ARNs of the roles")


RULE = StackRule(
    id="IAM-005",
    name="iam-pass-role",
    title="A permission to pass roles names the roles.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=HOLDERS,
    check=check,
    remediation="Give the ARNs of the roles as Resource, or the service in the condition iam:PassedToService.",
    example="""statement = {
    "Effect": "Allow",
    "Action": "iam:PassRole",
    "Resource": [execution.arn, program.arn],
    "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
}""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    read=date(2026, 11, 24),
)
