"""An alarm fires when a backup or a rotation fails, and when no backup runs."""

from __future__ import annotations

from components.monitoring.alarms import TreatMissingData
from stacks.monitoring.maintenance import backups, rotation


def test_missing_data_fires_the_alarm_on_missing_backups_only() -> None:
    alarms = backups("vault")
    assert {name: alarm.treat_missing_data for name, alarm in alarms.items()} == {
        "backup-missing": TreatMissingData.BREACHING,
        "backup-failed": TreatMissingData.NOT_BREACHING,
    }
    dimensions = [dict(metric.dimensions) for alarm in alarms.values() for metric in alarm.metrics.values()]
    assert dimensions == [{"BackupVaultName": "vault"}] * 2


def test_one_failed_step_of_a_rotation_fires_its_alarm() -> None:
    alarm = rotation("rotate")["rotation-failed"]
    assert (alarm.comparison, alarm.threshold) == (">", 0)
    assert [dict(metric.dimensions) for metric in alarm.metrics.values()] == [{"FunctionName": "rotate"}]
