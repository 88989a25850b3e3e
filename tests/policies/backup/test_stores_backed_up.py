from __future__ import annotations

import pytest

from policies.backup.stores_backed_up import OWN_BACKUPS, RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

KEPT = "backupRetentionPeriod"
OFF = {"pointInTimeRecovery": ABSENT}
SELECTED = "backup-selection: resources"


@pytest.mark.parametrize("store", ["table", "sql", "aurora", "docdb", "neptune", "files"])
def test_a_week_of_own_backups_passes(store: str) -> None:
    assert evaluate(RULE, store).outcome is Outcome.PASS


@pytest.mark.parametrize("store", ["sql", "aurora", "docdb", "neptune"])
@pytest.mark.parametrize("days", [0, 6, ABSENT])
def test_less_than_a_week_fails(store: str, days: object) -> None:
    assert [finding.path for finding in evaluate(RULE, store, {KEPT: days}).findings] == [KEPT]


def test_fewer_days_can_be_allowed_and_what_is_not_given_is_the_providers_default() -> None:
    one_day = {"minimumBackupDays": 1}
    assert evaluate(RULE, "aurora", {KEPT: ABSENT}, parameters=one_day).outcome is Outcome.PASS
    assert evaluate(RULE, "sql", {KEPT: ABSENT}, parameters=one_day).outcome is Outcome.FAIL


@pytest.mark.parametrize("key", ["replicateSourceDb", "replicationSourceIdentifier"])
def test_a_replica_has_its_backups_elsewhere(key: str) -> None:
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
def test_files_without_a_policy_fail(changes: dict[str, object], path: str) -> None:
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
def test_a_plan_that_names_the_store_will_do(resources: object, outcome: Outcome) -> None:
    assert evaluate(RULE, "table", {**OFF, SELECTED: resources}).outcome is outcome


def test_what_a_plan_leaves_out_is_not_in_it() -> None:
    changes = {**OFF, SELECTED: ["*"], "backup-selection: notResources": ["arn:aws:dynamodb:*"]}
    assert evaluate(RULE, "table", changes).outcome is Outcome.FAIL


def test_a_plan_may_choose_by_tag() -> None:
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
def test_a_plan_that_chooses_by_several_ways_is_left_to_aws(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "table", {**OFF, **changes}).outcome is Outcome.UNKNOWN


def test_a_plan_that_the_stores_arn_flows_into_has_it() -> None:
    store = resource("aws:rds/instance:Instance", {}, "store")
    selection = resource("aws:backup/selection:Selection", {"resources": [UNKNOWN]}, "selection")
    selection.references["resources"] = frozenset({store.urn})  # pyright: ignore[reportIndexIssue] (a dict in tests)
    assert RULE.evaluate(store, Stack((store, selection))).outcome is Outcome.PASS


def test_every_type_says_what_its_own_backups_lack() -> None:
    for type_ in OWN_BACKUPS:
        store = resource(type_, {})
        assert RULE.evaluate(store, Stack((store,))).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("store", "path"), [("sql", KEPT), ("table", "pointInTimeRecovery"), ("files", "files-backup: backupPolicy")]
)
def test_what_is_not_known_yet_is_not_a_pass(store: str, path: str) -> None:
    assert evaluate(RULE, store, {path: UNKNOWN}).outcome is Outcome.UNKNOWN
