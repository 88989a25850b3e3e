from __future__ import annotations

from dataclasses import replace

import pytest

from policies.backup.copies import RULE
from policies.backup.plans import PLAN
from policies.rule import Outcome, RegisteredProvider
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

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


@pytest.mark.parametrize(("region", "outcome"), [("eu-west-1", Outcome.FAIL), ("eu-central-1", Outcome.PASS)])
def test_a_plan_without_the_argument_is_in_the_region_of_its_provider(region: str, outcome: Outcome) -> None:
    copy = {"destinationVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:copies"}
    provider = RegisteredProvider("pulumi:providers:aws", region, "", from_state({"region": region}))
    plan = replace(resource(PLAN, {"rules": [{"copyActions": [copy]}]}), provider=provider)
    assert RULE.evaluate(plan).outcome is outcome


def test_the_rule_does_not_apply_to_a_plan_without_copies() -> None:
    assert evaluate(RULE, "backup-plan", {"rules[0].copyActions": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [f"{COPY}.lifecycle.deleteAfter", f"{COPY}.destinationVaultArn"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "backup-plan", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
