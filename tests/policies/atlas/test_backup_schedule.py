from __future__ import annotations

import pytest

from policies.atlas.backup_schedule import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

DAILY, HOURLY = "policyItemDaily", "policyItemHourly"


def test_daily_snapshots_kept_for_a_week_pass() -> None:
    assert evaluate(RULE, "atlas-schedule").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("unit", "value", "outcome"),
    [
        ("days", 6, Outcome.FAIL),
        ("weeks", 1, Outcome.PASS),
        ("months", 1, Outcome.PASS),
        ("fortnights", 9, Outcome.FAIL),
    ],
)
def test_retention_units_are_converted(unit: str, value: int, outcome: Outcome) -> None:
    changes = {f"{DAILY}.retentionUnit": unit, f"{DAILY}.retentionValue": value}
    assert evaluate(RULE, "atlas-schedule", changes).outcome is outcome


def test_hourly_snapshots_with_the_same_retention_pass() -> None:
    assert evaluate(RULE, "atlas-schedule", {DAILY: ABSENT}).outcome is Outcome.FAIL
    assert evaluate(RULE, "atlas-schedule", {DAILY: ABSENT, f"{HOURLY}.retentionValue": 7}).outcome is Outcome.PASS


def test_cluster_with_a_schedule_is_not_applicable() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.NOT_APPLICABLE


def test_cluster_without_schedule_has_atlas_default_of_seven_days() -> None:
    alone = {"atlas-schedule": ABSENT}
    assert evaluate(RULE, "atlas-cluster", alone).outcome is Outcome.PASS
    assert evaluate(RULE, "atlas-cluster", alone, parameters={"minimumBackupDays": 8}).outcome is Outcome.FAIL


def test_schedule_of_another_project_is_ignored() -> None:
    changes = {"atlas-schedule: projectId": "another", "atlas-schedule: clusterName": "atlas-main"}
    verdict = evaluate(RULE, "atlas-cluster", changes, parameters={"minimumBackupDays": 8})
    assert verdict.outcome is Outcome.FAIL


def test_cluster_without_backups_is_not_applicable() -> None:
    changes = {"atlas-schedule": ABSENT, "backupEnabled": False}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [DAILY, f"{DAILY}.retentionValue", f"{DAILY}.retentionUnit"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "atlas-schedule", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
