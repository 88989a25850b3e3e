"""IAM-001: no policy allows every action on every resource.

Every IAM action on every resource is equivalent, because it allows its holder to grant itself any other permission.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .grants import HOLDERS, grants

ALL_ACTIONS = frozenset({"*", "*:*"})
ALL_IAM_ACTIONS = frozenset({"iam:*", "iam*"})
WANTED = "the actions and resources that are needed"


def check(holder: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    for statement in grants(holder, stack):
        if not statement.on_all_resources:
            continue
        if ALL_ACTIONS.intersection(statement.actions):
            yield Finding(statement.path, "every action on every resource", WANTED)
        elif ALL_IAM_ACTIONS.intersection(statement.actions):
            yield Finding(statement.path, "every IAM action on every resource", WANTED)
        elif statement.not_actions:
            yield Finding(statement.path, "every action except a few on every resource (NotAction)", WANTED)


RULE = StackRule(
    id="IAM-001",
    name="iam-no-administrator-policy",
    title="No policy allows every action, or every IAM action, on every resource.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=HOLDERS,
    check=check,
    remediation="List the actions that are needed and the ARNs that they are needed on.",
    example="""policy = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket_arn}/*"}],
}
aws.iam.RolePolicy("api-reads", role=api.name, policy=json.dumps(policy))""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/iam-policy-no-statements-with-admin-access.html",
    read=date(2026, 11, 24),
)
