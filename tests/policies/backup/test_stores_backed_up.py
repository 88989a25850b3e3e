from __future__ import annotations

import pytest

from policies.backup.stores_backed_up import OWN_BACKUPS, RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

KEPT = "backupRetentionPeriod"
OFF = {"pointInTimeRecovery": ABSENT}
SELECTED = "backup-selection: resources"


@pytest.mark.parametrize("store", ["table", "sql", "aurora", "docdb", "neptune", "files"])
def test_a_week_of_automatic_backups_passes(store: str) -> None:
    assert evaluate(RULE, store).outcome is Outcome.PASS


@pytest.mark.parametrize("store", ["sql", "aurora", "docdb", "neptune"])
@pytest.mark.parametrize("days", [0, 6, ABSENT])
def test_a_shorter_retention_fails(store: str, days: object) -> None:
    assert [finding.path for finding in evaluate(RULE, store, {KEPT: days}).findings] == [KEPT]


def test_the_parameter_lowers_the_minimum_and_the_providers_default_counts() -> None:
    one_day = {"minimumBackupDays": 1}
    assert evaluate(RULE, "aurora", {KEPT: ABSENT}, parameters=one_day).outcome is Outcome.PASS
    assert evaluate(RULE, "sql", {KEPT: ABSENT}, parameters=one_day).outcome is Outcome.FAIL


@pytest.mark.parametrize("key", ["replicateSourceDb", "replicationSourceIdentifier"])
def test_the_rule_does_not_apply_to_a_replica(key: str) -> None:
    assert evaluate(RULE, "sql", {KEPT: ABSENT, key: UNKNOWN}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        (OFF, "pointInTimeRecovery.enabled"),
        ({"pointInTimeRecovery.enabled": False}, "pointInTimeRecovery.enabled"),
        ({"pointInTimeRecovery.recoveryPeriodInDays": 3}, "pointInTimeRecovery.recoveryPeriodInDays"),
    ],
)
def test_a_table_without_point_in_time_recovery_fails(changes: dict[str, object], path: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "table", changes).findings] == [path]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"files-backup": ABSENT}, "backup policy"),
        ({"files-backup: backupPolicy.status": "DISABLED"}, "files-backup: backupPolicy.status"),
    ],
)
def test_a_file_system_without_a_policy_fails(changes: dict[str, object], path: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "files", changes).findings] == [path]


@pytest.mark.parametrize(
    ("resources", "outcome"),
    [
        (["*"], Outcome.PASS),
        (["arn:aws:dynamodb:*"], Outcome.PASS),
        (["arn:aws:dynamodb:eu-west-1:111122223333:table"], Outcome.PASS),
        ([UNKNOWN, "arn:aws:dynamodb:*"], Outcome.PASS),
        (["arn:aws:rds:*"], Outcome.FAIL),
        (UNKNOWN, Outcome.FAIL),
    ],
)
def test_a_store_passes_only_if_a_plan_selects_it_by_arn(resources: object, outcome: Outcome) -> None:
    assert evaluate(RULE, "table", {**OFF, SELECTED: resources}).outcome is outcome


def test_a_store_that_a_plan_excludes_fails() -> None:
    changes = {**OFF, SELECTED: ["*"], "backup-selection: notResources": ["arn:aws:dynamodb:*"]}
    assert evaluate(RULE, "table", changes).outcome is Outcome.FAIL


def test_a_store_passes_only_with_the_tag_that_a_plan_selects() -> None:
    tags = {"backup-selection: selectionTags": [{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}]}
    assert evaluate(RULE, "table", {**OFF, **tags, SELECTED: ABSENT}).outcome is Outcome.PASS
    assert evaluate(RULE, "table", {**OFF, **tags, SELECTED: ABSENT, "tags": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "changes",
    [
        {SELECTED: ["*"], "backup-selection: conditions": [{"stringEquals": []}]},
        {SELECTED: ["*"], "backup-selection: selectionTags": [{"key": "other", "value": "x"}]},
    ],
)
def test_a_plan_that_combines_ways_of_selection_is_indeterminate(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "table", {**OFF, **changes}).outcome is Outcome.UNKNOWN


def test_a_plan_with_data_flow_from_the_store_passes() -> None:
    store = resource("aws:rds/instance:Instance", {}, "store")
    selection = resource("aws:backup/selection:Selection", {"resources": [UNKNOWN]}, "selection")
    selection.references["resources"] = frozenset({store.urn})  # pyright: ignore[reportIndexIssue] (a dict in tests)
    assert RULE.evaluate(store, Stack((store, selection))).outcome is Outcome.PASS


def test_every_type_has_a_finding_without_backups() -> None:
    for type_ in OWN_BACKUPS:
        store = resource(type_, {})
        assert RULE.evaluate(store, Stack((store,))).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("store", "path"), [("sql", KEPT), ("table", "pointInTimeRecovery"), ("files", "files-backup: backupPolicy")]
)
def test_an_unknown_value_does_not_pass(store: str, path: str) -> None:
    assert evaluate(RULE, store, {path: UNKNOWN}).outcome is Outcome.UNKNOWN
