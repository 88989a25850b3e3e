"""Alarms on scheduled maintenance: backups and the rotation of the signing keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pulumi import Input

from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.metric import Metric

_DAY: Final = 86_400


def backups(vault: Input[str]) -> Mapping[str, Alarm]:
    """Return the alarms on backups and restore tests. `vault` is the name of the backup vault.

    Dimension of restore jobs: https://docs.newrelic.com/docs/infrastructure/amazon-integrations/aws-integrations-list/aws-backup-integration/
    (read 2026-11-28 in newrelic/docs-website; AWS's page of the metrics is to be checked).
    """
    return {
        "backup-failed": Alarm(
            summary="A backup job into the vault failed.",
            action="Read the message of the job in AWS Backup, Jobs. For access denied check the policies of role "
            "and key.",
            metrics={"failed": backup_metric("NumberOfBackupJobsFailed", vault)},
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=3_600,
        ),
        "backup-missing": Alarm(
            summary="No backup has been completed for two days.",
            action="Check in AWS Backup that the plan selects the bucket, and in S3 that the bucket's versioning "
            "is on.",
            metrics={"completed": backup_metric("NumberOfBackupJobsCompleted", vault)},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.MISSING,
            notify_missing=True,
            period_seconds=_DAY,
            evaluation_periods=2,
        ),
        "restore-failed": Alarm(
            summary="A restore from AWS Backup failed; the monthly restore test is one.",
            action="Read the message of the job in AWS Backup, Jobs, Restore jobs. Until a restore succeeds, the "
            "backups are not proven.",
            # Restore jobs have no dimension for their vault, so restores of other stacks of the account count as well.
            metrics={
                "failed": Metric(
                    namespace="AWS/Backup",
                    name="NumberOfRestoreJobsFailed",
                    dimensions={"ResourceType": "S3"},
                    statistic="Sum",
                )
            },
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=3_600,
        ),
    }


def rotation(function: Input[str]) -> Mapping[str, Alarm]:
    """Return the alarm on the rotation. `function` is the name of the rotation Lambda function."""
    return {
        "rotation-failed": Alarm(
            summary="The rotation of the signing keys failed; the old keys remain valid.",
            action="Find the failed step in the function's log. Then choose Rotate immediately in Secrets Manager.",
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
    """Return a count of backup jobs of a vault.

    Names and dimension: https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html (from memory,
    2026-11-24).
    """
    return Metric(namespace="AWS/Backup", name=name, dimensions={"BackupVaultName": vault}, statistic="Sum")
