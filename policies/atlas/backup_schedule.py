"""ATL-008: an Atlas cluster takes daily snapshots and keeps them for a week.

Without a schedule, a cluster has Atlas's default: snapshots every 6 hours, kept 2 days; daily, 7 days; weekly, 4 weeks;
monthly, 12 months. https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/ (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..backup.retention import MINIMUM_BACKUP_DAYS
from ..inputs import number
from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    shown,
)
from .clusters import CLUSTER, CLUSTERS, of_project, require_dedicated

SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
DEFAULT_DAYS = 7
DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
DAILY = ("policyItemDaily", "policyItemHourly")  # hourly snapshots with the same retention also comply


def check(subject: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    minimum = parameters[MINIMUM_BACKUP_DAYS.name]
    if subject.type == SCHEDULE:
        yield from _schedule(subject, minimum)
        return
    require_dedicated(subject)
    if subject.properties.get("cloudBackup" if subject.type == CLUSTER else "backupEnabled") is not True:
        raise NotApplicable("the cluster has no backups; ATL-003 requires them")
    named = {schedule.urn for schedule in stack.referring((SCHEDULE,), "clusterName", subject, "name")}
    if any(schedule.urn in named for schedule in of_project(subject, stack, (SCHEDULE,))):
        raise NotApplicable("the rule evaluates its backup schedule instead")
    if minimum > DEFAULT_DAYS:
        yield Finding("backup schedule", f"Atlas's default, daily for {DEFAULT_DAYS} days", f"daily for {minimum} days")


def _schedule(schedule: Resource, minimum: int) -> Iterator[Finding]:
    kept = {key: _days(schedule, key) for key in DAILY}
    if max(kept.values()) >= minimum:
        return
    key = DAILY[0]
    found = f"kept {shown(kept[key])} days" if kept[key] else "not set"
    yield Finding(key, found, f"kept {minimum} days or longer")


def _days(schedule: Resource, key: str) -> float:
    item = block(schedule.properties, key)
    return (number(item, "retentionValue") or 0) * DAYS.get(str(item.get("retentionUnit")), 0)


RULE = StackRule(
    id="ATL-008",
    name="atlas-backup-schedule",
    title="An Atlas cluster keeps daily snapshots for at least 7 days.",
    item=ChecklistItem.BACKUPS,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.HIGH,
    applies_to=(*CLUSTERS, SCHEDULE),
    check=check,
    remediation="Give the CloudBackupSchedule a policy_item_daily with a retention of 7 days or longer.",
    example="""mongodbatlas.CloudBackupSchedule(
    "backups",
    project_id=project.id,
    cluster_name=cluster.name,
    policy_item_daily={"frequency_interval": 1, "retention_unit": "days", "retention_value": 7},
)""",
    source="https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/",
    read=date(2026, 11, 24),
    parameters=(MINIMUM_BACKUP_DAYS,),
    unproven="The rule does not see whether a backup can be restored (BCK-003), nor a schedule in another stack.",
)
