"""SEC-002: a secret that was deleted by mistake can be brought back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, shown
from .rotation import SECRET

SHORTEST_DAYS = 7  # AWS allows 7 to 30, and 0 for none; 30 where nothing is said


def check(secret: Resource, _parameters: Parameters) -> Iterator[Finding]:
    days = secret.properties.get("recoveryWindowInDays")
    if days is not None and days < SHORTEST_DAYS:
        yield Finding("recoveryWindowInDays", shown(days), f"{SHORTEST_DAYS} to 30, or not set")


RULE = ResourceRule(
    id="SEC-002",
    name="secret-recovery-window",
    title="A deleted secret can be brought back for a week at the least.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # a stack that is torn down and built again under the same names cannot wait
    applies_to=(SECRET,),
    check=check,
    remediation="Leave out recovery_window_in_days, which means 30.",
    example='aws.secretsmanager.Secret("jwt", recovery_window_in_days=30)',
    source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html",
    read=date(2026, 11, 24),
)
