from __future__ import annotations

import pytest

from policies.cloudflare.managed_rules import GENERAL, RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

RULE_0 = "managed-ruleset: rules[0]"


@pytest.mark.parametrize("ruleset", GENERAL)
def test_a_general_ruleset_passes(ruleset: str) -> None:
    assert evaluate(RULE, "zone", {f"{RULE_0}.actionParameters.id": ruleset}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        {"managed-ruleset": ABSENT},
        {f"{RULE_0}.enabled": False},
        {f"{RULE_0}.action": "skip"},
        # This ruleset checks for leaked passwords, not for malicious input.
        {f"{RULE_0}.actionParameters.id": "c2e184081120413c86c3ab7e14069605"},
        {f"{RULE_0}.actionParameters.overrides": {"enabled": False}},
        {f"{RULE_0}.actionParameters.overrides": {"action": "log"}},
    ],
)
def test_a_zone_without_blocking_managed_rules_fails(changes: dict[str, object]) -> None:
    assert len(evaluate(RULE, "zone", changes).findings) == 1


def test_an_override_of_single_rules_passes() -> None:
    overrides = {"rules": [{"id": "1", "enabled": False}]}
    assert evaluate(RULE, "zone", {f"{RULE_0}.actionParameters.overrides": overrides}).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_record_that_is_not_the_subject() -> None:
    assert evaluate(RULE, "api-record").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["managed-ruleset: rules", f"{RULE_0}.actionParameters"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
