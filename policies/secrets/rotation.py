"""SEC-001: a secret is changed by itself before it has been read too often."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

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
    what="The longest time, in days, that a secret's value stays.",
)
WITHOUT_ROTATION = Parameter(
    name="withoutRotation",
    schema={"type": "array", "items": {"type": "string"}},
    default=(),
    what="Logical names of secrets that nobody can rotate by himself, e.g. another vendor's key.",
)
RATE = re.compile(r"rate\((\d+) (hour|day)s?\)")


def check(secret: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    if secret.name in parameters[WITHOUT_ROTATION.name]:
        raise NotApplicable("the policy config says that it cannot be rotated")
    found = list(_rotations(secret, stack))
    if not found:
        yield Finding("rotation", "missing", f"one every {parameters[ROTATION_DAYS.name]} days or more often")
    for rotation in found:
        days = _days(rotation)
        if days is not None and days > parameters[ROTATION_DAYS.name]:
            path = f"rotation {rotation.name}: rotationRules"
            yield Finding(path, f"every {shown(days)} days", f"every {parameters[ROTATION_DAYS.name]} or more often")


def _rotations(secret: Resource, stack: Stack) -> Iterator[Resource]:
    """Those of the secret, also where they name it by the output of its version."""
    yield from stack.referring(ROTATIONS, "secretId", secret, "arn")
    for version in stack.referring(VERSIONS, "secretId", secret, "arn"):
        yield from stack.referring(ROTATIONS, "secretId", version, "arn")


def _days(rotation: Resource) -> float | None:
    """How many days lie between two rotations; None where a cron expression says it."""
    rules = block(rotation.properties, "rotationRules")
    if (days := rules.get("automaticallyAfterDays")) is not None:
        return float(days)
    match = RATE.fullmatch(str(rules.get("scheduleExpression")))
    return None if match is None else int(match[1]) / (24 if match[2] == "hour" else 1)


RULE = StackRule(
    id="SEC-001",
    name="secret-rotation",
    title="A secret rotates by itself.",
    item=ChecklistItem.SECRETS,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # what another vendor gave cannot be rotated from here
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
    unproven="That a rotation succeeds and that the programs read the new value.",
)
