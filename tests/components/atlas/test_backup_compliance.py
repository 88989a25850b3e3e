"""The backup compliance policy: as asked for, and only by somebody who says what it means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.atlas.backup_compliance import AtlasBackupCompliance, AtlasBackupComplianceArgs
from components.atlas.backup_retention import BackupRetention
from tests.engine_recorder import record

ARGS = AtlasBackupComplianceArgs(
    project_id="project-1",
    least=BackupRetention(daily_days=3, weekly_weeks=2, monthly_months=6, yearly_years=2, point_in_time_days=2),
    authorized_email="security@example.com",
    authorized_first_name="Ada",
    authorized_last_name="Lovelace",
    acknowledge_irreversible=True,
)


def test_the_policy_is_the_least_that_is_kept() -> None:
    recording = record(lambda: AtlasBackupCompliance("floor", ARGS))
    policy = recording.one("mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy").inputs

    assert recording.tree() == {"floor": None, "floor-policy": "floor"}
    assert policy["policyItemDaily"]["retentionValue"] == 3
    assert policy["policyItemYearlies"][0]["retentionValue"] == 2
    assert (policy["pitEnabled"], policy["restoreWindowDays"]) == (True, 2)
    assert policy["authorizedEmail"] == "security@example.com"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"acknowledge_irreversible": False}, "Atlas's support alone can undo"),
        ({"authorized_email": "nobody"}, "give one person's address"),
        ({"authorized_last_name": " "}, "authorized_last_name is empty"),
        ({"on_demand_days": 0}, "on_demand_days is 0"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)
