from __future__ import annotations

import pytest

from policies.database.backup_schedule import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

DAILY, HOURLY = "policyItemDaily", "policyItemHourly"


def test_a_week_of_daily_snapshots_passes() -> None:
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
def test_units_are_read(unit: str, value: int, outcome: Outcome) -> None:
    changes = {f"{DAILY}.retentionUnit": unit, f"{DAILY}.retentionValue": value}
    assert evaluate(RULE, "atlas-schedule", changes).outcome is outcome


def test_hourly_snapshots_that_are_kept_as_long_will_do() -> None:
    assert evaluate(RULE, "atlas-schedule", {DAILY: ABSENT}).outcome is Outcome.FAIL
    assert evaluate(RULE, "atlas-schedule", {DAILY: ABSENT, f"{HOURLY}.retentionValue": 7}).outcome is Outcome.PASS


def test_a_cluster_with_a_schedule_is_evaluated_by_it() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.NOT_APPLICABLE


def test_a_cluster_without_one_has_atlas_default_of_seven_days() -> None:
    alone = {"atlas-schedule": ABSENT}
    assert evaluate(RULE, "atlas-cluster", alone).outcome is Outcome.PASS
    assert evaluate(RULE, "atlas-cluster", alone, parameters={"minimumBackupDays": 8}).outcome is Outcome.FAIL


def test_the_schedule_of_another_projects_cluster_is_not_this_ones() -> None:
    changes = {"atlas-schedule: projectId": "another", "atlas-schedule: clusterName": "atlas-main"}
    verdict = evaluate(RULE, "atlas-cluster", changes, parameters={"minimumBackupDays": 8})
    assert verdict.outcome is Outcome.FAIL


def test_a_cluster_without_backups_is_another_rules_affair() -> None:
    changes = {"atlas-schedule": ABSENT, "backupEnabled": False}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [DAILY, f"{DAILY}.retentionValue", f"{DAILY}.retentionUnit"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "atlas-schedule", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
