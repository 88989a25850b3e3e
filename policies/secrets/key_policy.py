"""SEC-006: a KMS key's policy names the principals that may use the key.

A key without a policy has KMS's default policy, which delegates to IAM of the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..iam.resource_policies import open_statements
from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .keys import WITH_POLICY


def check(key: Resource, _parameters: Parameters) -> Iterator[Finding]:
    yield from open_statements(key, "specific principals, or the condition kms:CallerAccount")


RULE = ResourceRule(
    id="SEC-006",
    name="key-policy",
    title="A KMS key's policy names its principals.",
    item=ChecklistItem.SECRETS,
    severity=Severity.CRITICAL,
    applies_to=WITH_POLICY,
    check=check,
    remediation="Name the principals, or require kms:CallerAccount in addition to kms:ViaService.",
    example="""statement = {
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
    "Condition": {
        "StringEquals": {
            "kms:CallerAccount": "111122223333",
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
        }
    },
}""",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
    read=date(2026, 11, 24),
)
