"""BCK-007: copies of recovery points are in another region, and are kept for a week."""

from __future__ import annotations

from collections.abc import Iterator

from ..region.places import HOME, region_of
from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
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


def check(plan: Resource, parameters: Parameters) -> Iterator[Finding]:
    minimum = parameters[MINIMUM_BACKUP_DAYS.name]
    copies = [
        (f"{path}.{at}", copy)
        for path, rule in items(plan.properties, "rules")
        for at, copy in items(rule, "copyActions")
    ]
    if not copies:
        raise NotApplicable("the plan copies nothing")
    for path, copy in copies:
        days = block(copy, "lifecycle").get("deleteAfter")
        if days is not None and days < minimum:
            yield Finding(f"{path}.lifecycle.deleteAfter", f"{shown(days)} days", f"{minimum} days or more")
        own, there = region_of(plan), _region(copy.get("destinationVaultArn"))
        if own != HOME and there == own:
            yield Finding(f"{path}.destinationVaultArn", f"a vault in {there}, too", "a vault in another region")


def _region(arn: object) -> str:
    return str(arn).split(":")[3] if str(arn).count(":") > 3 else ""


RULE = ResourceRule(
    id="BCK-007",
    name="backup-copies",
    title="Copies of recovery points are in another region, for a week or longer.",
    item=ChecklistItem.BACKUPS,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.MEDIUM,
    applies_to=(PLAN,),
    check=check,
    remediation="Copy to a vault of another region, with a lifecycle of 7 days or more. The vault has a key of its own "
    "region (BCK-006).",
    example="""aws.backup.Plan(
    "backups",
    rules=[
        {
            "rule_name": "weekly",
            "target_vault_name": vault.name,
            "schedule": "cron(0 2 ? * SUN *)",
            "copy_actions": [{"destination_vault_arn": copies.arn, "lifecycle": {"delete_after": 35}}],
        }
    ],
)""",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
    read=None,
    unproven="The rule does not know the region of a plan if neither the plan nor its provider names one.",
    parameters=(MINIMUM_BACKUP_DAYS,),
)
