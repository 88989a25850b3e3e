"""IAM-004: no role, user or group has an AWS managed policy for administrators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, items
from .grants import ROLE

# IAMFullAccess is equivalent: it allows its holder to attach any other policy to itself.
ADMINISTRATORS = re.compile(r"^arn:aws[\w-]*:iam::aws:policy/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$")
ATTACHMENTS = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)


def check(attached: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if attached.type == ROLE:
        arns = list(items(attached.properties, "managedPolicyArns"))
        if not arns:
            raise NotApplicable("its policies are attached by other resources")
    else:
        arns = [("policyArn", attached.properties.get("policyArn"))]
    for path, arn in arns:
        if match := ADMINISTRATORS.match(str(arn)):
            yield Finding(path, match[1], "a policy with the permissions that are needed")


RULE = ResourceRule(
    id="IAM-004",
    name="iam-no-administrators",
    title="No role, user or group has an AWS managed policy for administrators.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(*ATTACHMENTS, ROLE),
    check=check,
    remediation="Attach a policy with the permissions that are needed, or the AWS managed policy for that task.",
    example="""aws.iam.RolePolicyAttachment(
    "execution",
    role=execution.name,
    policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
)""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-getting-started-managed.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see what other managed policies allow.",
)
