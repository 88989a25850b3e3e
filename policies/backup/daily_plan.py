"""BCK-002: a backup plan runs every day and keeps its backups for a week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Parameters,
    Pitfall,
    Resource,
    ResourceRule,
    Severity,
    block,
    items,
    shown,
)
from .plans import PLAN
from .retention import MINIMUM_BACKUP_DAYS

_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_EVERY = {"*", "?", "1/1", "*/1", "1-7", "SUN-SAT", "MON-SUN"}


def check(plan: Resource, parameters: Parameters) -> Iterator[Finding]:
    minimum = parameters[MINIMUM_BACKUP_DAYS.name]
    daily = [(path, rule) for path, rule in items(plan.properties, "rules") if every_day(rule.get("schedule"))]
    if not daily:
        yield Finding("rules", "none runs every day", "a rule with a daily schedule")
    kept = {f"{path}.lifecycle.deleteAfter": block(rule, "lifecycle").get("deleteAfter") for path, rule in daily}
    if daily and not any(days is None or days >= minimum for days in kept.values()):
        path, days = next(iter(kept.items()))
        yield Finding(path, f"{shown(days)} days", f"{minimum} days or more")


def every_day(schedule: str | None) -> bool:
    """Return whether a schedule runs at least once a day. So does AWS's default schedule, at 5 am UTC."""
    if not schedule:
        return True
    if match := _RATE.fullmatch(schedule.strip()):
        number, unit = int(match[1]), match[2]
        return {"minute": number <= 1_440, "hour": number <= 24, "day": number == 1}[unit]
    if match := _CRON.fullmatch(schedule.strip()):
        return {match[3], match[4], match[5].upper(), match[6]} <= _EVERY
    return False


RULE = ResourceRule(
    id="BCK-002",
    name="backup-plan-daily",
    title="A backup plan runs every day and keeps its backups for a week.",
    item=ChecklistItem.BACKUPS,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.MEDIUM,
    applies_to=(PLAN,),
    check=check,
    remediation="Give the plan a rule with a daily schedule and a lifecycle of 7 days or more.",
    example="""aws.backup.Plan(
    "backups",
    rules=[
        {
            "rule_name": "daily",
            "target_vault_name": vault.name,
            "schedule": "cron(0 2 ? * * *)",
            "lifecycle": {"delete_after": 35},
        }
    ],
)""",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html",
    read=date(2026, 11, 24),
    parameters=(MINIMUM_BACKUP_DAYS,),
)
