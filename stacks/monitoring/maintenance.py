"""Alarms on a stack's chores, which nobody misses until they are needed: backups and the rotation of keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pulumi import Input

from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.metric import Metric

_DAY: Final = 86_400


def backups(vault: Input[str]) -> Mapping[str, Alarm]:
    """`vault` is the backup vault's name."""
    return {
        "backup-failed": Alarm(
            summary="A backup job into the vault failed.",
            action="AWS Backup, Jobs: its message says why. Access denied: the role's policies or the key's.",
            metrics={"failed": backup_metric("NumberOfBackupJobsFailed", vault)},
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=3_600,
        ),
        "backup-missing": Alarm(
            summary="No backup has been completed for two days.",
            action="AWS Backup, Backup plans: does the plan still select the bucket? Is the bucket's versioning on?",
            metrics={"completed": backup_metric("NumberOfBackupJobsCompleted", vault)},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.BREACHING,
            period_seconds=_DAY,
            evaluation_periods=2,
        ),
    }


def rotation(function: Input[str]) -> Mapping[str, Alarm]:
    """`function` is the name of the Lambda function that rotates."""
    return {
        "rotation-failed": Alarm(
            summary="The signing keys could not be rotated; the old ones go on working.",
            action="The function's log says at which step. Then Secrets Manager, the secret, Rotate immediately.",
            metrics={
                "errors": Metric(
                    namespace="AWS/Lambda", name="Errors", dimensions={"FunctionName": function}, statistic="Sum"
                )
            },
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        ),
    }


def backup_metric(name: str, vault: Input[str]) -> Metric:
    """A count of backup jobs into a vault.

    Names and dimension as https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html has them (from memory,
    2026-11-24).
    """
    return Metric(namespace="AWS/Backup", name=name, dimensions={"BackupVaultName": vault}, statistic="Sum")
