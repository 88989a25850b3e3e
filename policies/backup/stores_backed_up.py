"""BCK-001: each data store on AWS is backed up, by its own backups or by a plan of AWS Backup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

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
    declared,
    shown,
)
from .plans import in_a_plan
from .retention import MINIMUM_BACKUP_DAYS

EFS_POLICY = "aws:efs/backupPolicy:BackupPolicy"

OwnBackup = Callable[[Resource, Stack, int], Finding | None]


def check(store: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    for key in ("replicateSourceDb", "replicationSourceIdentifier"):
        if declared(store.properties, key):
            raise NotApplicable("a replica of another database, which has the backups")
    if in_a_plan(store, stack):
        return
    finding = OWN_BACKUPS[store.type](store, stack, parameters[MINIMUM_BACKUP_DAYS.name])
    if finding is not None:
        yield finding


def _retention(usual: int) -> OwnBackup:
    """Return a check of the retention period, where `usual` is the provider's default in days."""

    def find(store: Resource, _stack: Stack, minimum: int) -> Finding | None:
        given = store.properties.get("backupRetentionPeriod")
        if (usual if given is None else given) >= minimum:
            return None
        found = shown(given) if given is not None else f"not set, which is {usual}"
        return Finding("backupRetentionPeriod", found, f"{minimum} days or more, or a selection in a backup plan")

    return find


def _point_in_time(table: Resource, _stack: Stack, minimum: int) -> Finding | None:
    recovery = block(table.properties, "pointInTimeRecovery")
    path, wanted = "pointInTimeRecovery", "or a selection in a backup plan"
    if recovery.get("enabled") is not True:
        return Finding(f"{path}.enabled", shown(recovery.get("enabled")), f"true, {wanted}")
    if (days := recovery.get("recoveryPeriodInDays")) is not None and days < minimum:
        return Finding(f"{path}.recoveryPeriodInDays", shown(days), f"{minimum} or more, {wanted}")
    return None


def _efs_policy(files: Resource, stack: Stack, _minimum: int) -> Finding | None:
    """Return a finding if automatic backups are off. AWS makes them daily and keeps them for 35 days (from memory)."""
    for policy in stack.referring((EFS_POLICY,), "fileSystemId", files, "id"):
        status = block(policy.properties, "backupPolicy").get("status")
        if status == "ENABLED":
            return None
        return Finding(f"{policy.name}: backupPolicy.status", shown(status), '"ENABLED"')
    return Finding("backup policy", "missing", "one that is enabled, or a selection in a backup plan")


OWN_BACKUPS: Mapping[str, OwnBackup] = {
    "aws:rds/instance:Instance": _retention(0),
    "aws:rds/cluster:Cluster": _retention(1),
    "aws:docdb/cluster:Cluster": _retention(1),
    "aws:neptune/cluster:Cluster": _retention(1),
    "aws:dynamodb/table:Table": _point_in_time,
    "aws:efs/fileSystem:FileSystem": _efs_policy,
}
"""By type, a function that returns the finding on a store's own backups, or None."""

RULE = StackRule(
    id="BCK-001",
    name="stores-backed-up",
    title="Each database, table and file system is backed up, for a week or longer.",
    item=ChecklistItem.BACKUPS,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.HIGH,
    applies_to=tuple(OWN_BACKUPS),
    check=check,
    remediation="Set backup_retention_period or point_in_time_recovery, or select the store in a backup plan.",
    example="""aws.dynamodb.Table(
    "orders",
    point_in_time_recovery={"enabled": True},
    # ...
)
aws.rds.Instance(
    "accounts",
    backup_retention_period=7,
    # ...
)""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/rds-cluster-backup-retention-check.html",
    read=date(2026, 11, 24),
    parameters=(MINIMUM_BACKUP_DAYS,),
    unproven=(
        "The rule does not see a plan of another stack that selects the store by tag, nor whether a "
        "backup can be restored (BCK-003)."
    ),
)
