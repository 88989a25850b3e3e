from __future__ import annotations

import pytest

from policies.backup.deletion_protection import RULE, SWITCHES
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate, resource


@pytest.mark.parametrize("store", ["table", "sql", "aurora", "docdb", "neptune"])
def test_deletion_protection_passes(store: str) -> None:
    assert evaluate(RULE, store).outcome is Outcome.PASS


@pytest.mark.parametrize(("type_", "switch"), SWITCHES.items())
@pytest.mark.parametrize(("value", "found"), [(False, "false"), (None, "not set")])
def test_missing_deletion_protection_fails(type_: str, switch: str, value: object, found: str) -> None:
    verdict = RULE.evaluate(resource(type_, {switch: value}))
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(switch, found)]


def test_a_skipped_final_snapshot_fails() -> None:
    assert [finding.path for finding in evaluate(RULE, "sql", {"skipFinalSnapshot": True}).findings] == [
        "skipFinalSnapshot"
    ]


@pytest.mark.parametrize(
    ("store", "path"),
    [("sql", "deletionProtection"), ("sql", "skipFinalSnapshot"), ("table", "deletionProtectionEnabled")],
)
def test_an_unknown_value_does_not_pass(store: str, path: str) -> None:
    assert evaluate(RULE, store, {path: UNKNOWN}).outcome is Outcome.UNKNOWN
