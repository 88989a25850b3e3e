from __future__ import annotations

import pytest

from policies.backup.copies import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

COPY = "rules[0].copyActions[0]"


def test_copies_in_another_region_for_a_month_pass() -> None:
    assert evaluate(RULE, "backup-plan").outcome is Outcome.PASS
    assert evaluate(RULE, "backup-plan", {f"{COPY}.lifecycle": ABSENT}).outcome is Outcome.PASS, "kept forever"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{COPY}.lifecycle.deleteAfter", 3),
        (f"{COPY}.destinationVaultArn", "arn:aws:backup:eu-west-1:111122223333:backup-vault:copies"),
    ],
)
def test_short_retention_and_the_same_region_fail(path: str, value: object) -> None:
    assert [each.path for each in evaluate(RULE, "backup-plan", {path: value}).findings] == [path]


def test_the_rule_does_not_apply_to_a_plan_without_copies() -> None:
    assert evaluate(RULE, "backup-plan", {"rules[0].copyActions": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [f"{COPY}.lifecycle.deleteAfter", f"{COPY}.destinationVaultArn"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "backup-plan", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
