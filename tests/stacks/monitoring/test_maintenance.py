"""Chores: a failed one is told of, and so is one that never runs."""

from __future__ import annotations

from components.monitoring.alarms import TreatMissingData
from stacks.monitoring.maintenance import backups, rotation


def test_a_backup_that_never_ran_is_an_alarm_and_a_quiet_hour_is_none() -> None:
    rows = backups("vault")
    assert rows["backup-missing"].treat_missing_data is TreatMissingData.BREACHING
    assert rows["backup-failed"].treat_missing_data is TreatMissingData.NOT_BREACHING
    for row in rows.values():
        assert [dict(metric.dimensions) for metric in row.metrics.values()] == [{"BackupVaultName": "vault"}]


def test_one_failed_step_of_a_rotation_is_told_of() -> None:
    alarm = rotation("rotate")["rotation-failed"]
    assert (alarm.comparison, alarm.threshold) == (">", 0)
    assert [dict(metric.dimensions) for metric in alarm.metrics.values()] == [{"FunctionName": "rotate"}]
