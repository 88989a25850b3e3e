from __future__ import annotations

import pytest

from policies.backup.deletion_protection import RULE, SWITCHES
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate, resource


@pytest.mark.parametrize("store", ["table", "sql", "aurora", "docdb", "neptune"])
def test_protection_passes(store: str) -> None:
    assert evaluate(RULE, store).outcome is Outcome.PASS


@pytest.mark.parametrize(("type_", "switch"), SWITCHES.items())
@pytest.mark.parametrize(("value", "found"), [(False, "false"), (None, "not set")])
def test_no_protection_fails(type_: str, switch: str, value: object, found: str) -> None:
    verdict = RULE.evaluate(resource(type_, {switch: value}))
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(switch, found)]


def test_no_last_snapshot_fails() -> None:
    assert [finding.path for finding in evaluate(RULE, "sql", {"skipFinalSnapshot": True}).findings] == [
        "skipFinalSnapshot"
    ]


@pytest.mark.parametrize(
    ("store", "path"),
    [("sql", "deletionProtection"), ("sql", "skipFinalSnapshot"), ("table", "deletionProtectionEnabled")],
)
def test_what_is_not_known_yet_is_not_a_pass(store: str, path: str) -> None:
    assert evaluate(RULE, store, {path: UNKNOWN}).outcome is Outcome.UNKNOWN
