"""IAM-003: the stack has no long-lived credentials: access keys or passwords of IAM users."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity

ACCESS_KEY = "aws:iam/accessKey:AccessKey"
LOGIN = "aws:iam/userLoginProfile:UserLoginProfile"


def check(credential: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if credential.type == LOGIN:
        yield Finding("user login profile", "a password of an IAM user", "single sign-on (IAM Identity Center)")
    elif credential.properties.get("status") != "Inactive":
        yield Finding("access key", "an active key of an IAM user", "a role, by OIDC or of the service")


RULE = ResourceRule(
    id="IAM-003",
    name="iam-no-user-credentials",
    title="No IAM user has an access key or a password.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.HARDCODED_SECRETS,
    severity=Severity.HIGH,
    applies_to=(ACCESS_KEY, LOGIN),
    check=check,
    remediation="Use a role: that of the task, function or instance, OIDC for CI, single sign-on for people.",
    example='aws.ecs.TaskDefinition("api", family="api", task_role_arn=program.arn, container_definitions=definitions)',
    source="https://docs.aws.amazon.com/wellarchitected/latest/framework/sec_identities_unique.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see access keys outside this stack.",
)
