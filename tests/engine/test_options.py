"""Every option that no phase brings, on top of all blocks: the real engine makes them and has nothing more to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.program import Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

OPTIONS = {
    "protect": True,  # the floor under the backups asks for it
    "databaseOwnKey": True,
    "databaseBackupCompliance": {
        "authorizedEmail": "legal@example.com",
        "authorizedFirstName": "Ada",
        "authorizedLastName": "Byron",
        "iKnowThatNobodyCanSwitchItOff": True,
    },
    "customerKeyUses": ["cache", "images"],
    "scheduledTasks": {"report": {"command": ["node", "report.js"], "schedule": "rate(1 day)"}},
    "openTelemetryConfig": "receivers: {otlp: {}}\nexporters: {debug: {}}",
    "overrides": {"databasePool": 90},  # a task by the clock is a client more
}


def test_all_options_together_are_quiet_the_second_time(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    try:
        program.set(phase="enterprise", tier="medium", **OPTIONS)
        made = program.run("up", "--no-policies")
        assert made.code == 0, made.said
        again = program.run("preview", "--no-policies", "--expect-no-changes")
        assert again.code == 0, f"{again.changes}: {again.said}"
        types = {each.type for each in program.standing()}
        assert {
            "mongodbatlas:index/encryptionAtRest:EncryptionAtRest",
            "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy",
            "aws:scheduler/schedule:Schedule",
        } <= types
    finally:
        program.close()
