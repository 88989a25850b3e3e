"""SEC-001: a secret rotates automatically."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..inputs import number
from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameter,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    shown,
)

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type, not a password
VERSIONS = ("aws:secretsmanager/secretVersion:SecretVersion",)
ROTATIONS = ("aws:secretsmanager/secretRotation:SecretRotation",)

ROTATION_DAYS = Parameter(
    name="rotationDays",
    schema={"type": "integer", "minimum": 1, "maximum": 1000},
    default=90,
    what="Maximum time between rotations in days.",
)
WITHOUT_ROTATION = Parameter(
    name="withoutRotation",
    schema={"type": "array", "items": {"type": "string"}},
    default=(),
    what="Logical names of secrets that cannot be rotated automatically, such as another vendor's key.",
)
RATE = re.compile(r"rate\((\d+) (hour|day)s?\)")


def check(secret: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    if secret.name in parameters[WITHOUT_ROTATION.name]:
        raise NotApplicable("the policy config excludes the secret from rotation")
    found = list(_rotations(secret, stack))
    if not found:
        yield Finding("rotation", "missing", f"a rotation every {parameters[ROTATION_DAYS.name]} days or more often")
    for rotation in found:
        days = _days(rotation)
        if days is not None and days > parameters[ROTATION_DAYS.name]:
            path = f"rotation {rotation.name}: rotationRules"
            yield Finding(path, f"every {shown(days)} days", f"every {parameters[ROTATION_DAYS.name]} or more often")


def _rotations(secret: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the rotations of the secret, including those that reference its version."""
    yield from stack.referring(ROTATIONS, "secretId", secret, "arn")
    for version in stack.referring(VERSIONS, "secretId", secret, "arn"):
        yield from stack.referring(ROTATIONS, "secretId", version, "arn")


def _days(rotation: Resource) -> float | None:
    """Return the days between two rotations; None for a cron expression."""
    rules = block(rotation.properties, "rotationRules")
    if (days := number(rules, "automaticallyAfterDays")) is not None:
        return days
    match = RATE.fullmatch(str(rules.get("scheduleExpression")))
    return None if match is None else int(match[1]) / (24 if match[2] == "hour" else 1)


RULE = StackRule(
    id="SEC-001",
    name="secret-rotation",
    title="A secret rotates automatically.",
    item=ChecklistItem.SECRETS,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # keys of other vendors cannot be rotated automatically
    applies_to=(SECRET,),
    check=check,
    remediation="Give the secret a rotation function and a schedule.",
    example="""aws.secretsmanager.SecretRotation(
    "jwt",
    secret_id=jwt.id,
    rotation_lambda_arn=rotate.arn,
    rotation_rules={"automatically_after_days": 30},
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html#secretsmanager-1",
    read=date(2026, 11, 24),
    parameters=(ROTATION_DAYS, WITHOUT_ROTATION),
    unproven="The rule does not see whether a rotation succeeds, nor whether programs read the new value.",
)
