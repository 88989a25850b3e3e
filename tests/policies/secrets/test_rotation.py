from __future__ import annotations

import pytest

from policies.rule import Level, Outcome, Resource, Stack
from policies.secrets.rotation import ROTATIONS, RULE, SECRET, VERSIONS
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, urn

RULES = "jwt-rotation: rotationRules"


@pytest.mark.parametrize(
    "rules",
    [
        {"automaticallyAfterDays": 90.0},
        {"automaticallyAfterDays": "90"},
        {"scheduleExpression": "rate(30 days)"},
        {"scheduleExpression": "rate(4 hours)"},
        {"scheduleExpression": "cron(0 4 1 * ? *)"},
    ],
)
def test_secret_with_rotation_passes(rules: dict[str, object]) -> None:
    assert evaluate(RULE, "jwt", {RULES: rules}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "rules",
    [{"automaticallyAfterDays": 91.0}, {"automaticallyAfterDays": "91"}, {"scheduleExpression": "rate(91 days)"}],
)
def test_infrequent_rotation_fails(rules: dict[str, object]) -> None:
    assert evaluate(RULE, "jwt", {RULES: rules}).findings[0].found == "every 91 days"


def test_maximum_is_configurable() -> None:
    assert evaluate(RULE, "jwt", parameters={"rotationDays": 7}).outcome is Outcome.FAIL


def test_missing_rotation_fails_as_advisory() -> None:
    assert evaluate(RULE, "jwt", {"jwt-rotation": ABSENT}).findings[0].found == "missing"
    assert RULE.level is Level.ADVISORY


def test_excluded_secret_is_not_applicable() -> None:
    verdict = evaluate(RULE, "jwt", {"jwt-rotation": ABSENT}, parameters={"withoutRotation": ["jwt"]})
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_rotation_that_references_the_version_is_found() -> None:
    def planned(type_: str, name: str, source: str) -> Resource:
        flow = {"secretId": frozenset({source})}
        properties = {"secretId": UNKNOWN, "rotationRules": {"automaticallyAfterDays": 30.0}}
        return Resource(type_, name, urn(type_, name), from_state(properties), references=flow)

    secret = Resource(SECRET, "jwt", urn(SECRET, "jwt"), from_state({}))
    version = planned(VERSIONS[0], "version", secret.urn)
    rotation = planned(ROTATIONS[0], "rotation", version.urn)
    assert RULE.evaluate(secret, Stack((secret, version, rotation))).outcome is Outcome.PASS
    assert RULE.evaluate(secret, Stack((secret, version))).outcome is Outcome.FAIL


def test_days_that_are_not_a_number_evaluate_to_unknown() -> None:
    verdict = evaluate(RULE, "jwt", {RULES: {"automaticallyAfterDays": "monthly"}})
    assert verdict.outcome is Outcome.UNKNOWN
    assert "automaticallyAfterDays is not a number" in verdict.reason


def test_unknown_schedule_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "jwt", {RULES: UNKNOWN}).outcome is Outcome.UNKNOWN
