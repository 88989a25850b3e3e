"""An alarm fires when a backup or a rotation fails, and when no backup runs."""

from __future__ import annotations

from components.monitoring.alarms import TreatMissingData
from stacks.monitoring.maintenance import backups, rotation


def test_backups_that_stop_notify_and_a_new_stack_without_a_backup_does_not() -> None:
    missing = backups("vault")["backup-missing"]
    assert (missing.treat_missing_data, missing.notify_missing) == (TreatMissingData.MISSING, True)
    assert missing.period_seconds * missing.evaluation_periods == 2 * 86_400


def test_a_failed_backup_or_restore_test_fires_an_alarm_and_an_hour_without_jobs_does_not() -> None:
    rows = backups("vault")
    watched = {
        name: [(metric.name, dict(metric.dimensions)) for metric in rows[name].metrics.values()]
        for name in ("backup-failed", "restore-failed")
    }
    assert watched == {
        "backup-failed": [("NumberOfBackupJobsFailed", {"BackupVaultName": "vault"})],
        "restore-failed": [("NumberOfRestoreJobsFailed", {"ResourceType": "S3"})],
    }
    assert {rows[name].treat_missing_data for name in watched} == {TreatMissingData.NOT_BREACHING}


def test_one_failed_step_of_a_rotation_fires_its_alarm() -> None:
    alarm = rotation("rotate")["rotation-failed"]
    assert (alarm.comparison, alarm.threshold) == (">", 0)
    assert [dict(metric.dimensions) for metric in alarm.metrics.values()] == [{"FunctionName": "rotate"}]
