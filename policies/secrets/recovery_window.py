"""SEC-002: a deleted secret can be restored for at least a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..inputs import number
from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, shown
from .rotation import SECRET

MINIMUM_DAYS = 7  # AWS allows 7 to 30, or 0 for none; the default is 30


def check(secret: Resource, _parameters: Parameters) -> Iterator[Finding]:
    days = number(secret.properties, "recoveryWindowInDays")
    if days is not None and days < MINIMUM_DAYS:
        yield Finding("recoveryWindowInDays", shown(days), f"{MINIMUM_DAYS} to 30, or not set")


RULE = ResourceRule(
    id="SEC-002",
    name="secret-recovery-window",
    title="A deleted secret can be restored for at least 7 days.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # a stack that is destroyed and created again with the same names cannot wait
    applies_to=(SECRET,),
    check=check,
    remediation="Remove recovery_window_in_days, which then defaults to 30.",
    example='aws.secretsmanager.Secret("jwt", recovery_window_in_days=30)',
    source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html",
    read=date(2026, 11, 24),
)
