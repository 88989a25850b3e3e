"""The Backup Compliance Policy: its retention, and the required acknowledgement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.atlas.backup_compliance import AtlasBackupCompliance, AtlasBackupComplianceArgs
from components.atlas.backup_retention import BackupRetention
from tests.engine_recorder import record

ARGS = AtlasBackupComplianceArgs(
    project_id="project-1",
    minimum=BackupRetention(daily_days=3, weekly_weeks=2, monthly_months=6, yearly_years=2, point_in_time_days=2),
    authorized_email="security@example.com",
    authorized_first_name="Ada",
    authorized_last_name="Lovelace",
    acknowledge_irreversible=True,
)


def test_policy_has_the_minimum_retention() -> None:
    recording = record(lambda: AtlasBackupCompliance("floor", ARGS))
    policy = recording.one("mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy").inputs

    assert recording.tree() == {"floor": None, "floor-policy": "floor"}
    assert recording.named("floor-policy").opts.replace_on_changes == ("projectId",)
    assert policy["policyItemDaily"]["retentionValue"] == 3
    assert policy["policyItemYearlies"][0]["retentionValue"] == 2
    assert (policy["pitEnabled"], policy["restoreWindowDays"]) == (True, 2)
    assert policy["authorizedEmail"] == "security@example.com"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"acknowledge_irreversible": False}, "only Atlas's support can disable"),
        ({"authorized_email": "nobody"}, r"^authorized_email: .*\(got 'nobody'\). Give one person's address"),
        ({"authorized_last_name": " "}, "^authorized_last_name: must not be empty"),
        ({"on_demand_days": 0}, r"^on_demand_days: .*\(got 0\)"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)
