from __future__ import annotations

import pytest

from policies.cloudflare.rate_limit import RULE, STOPPING
from policies.rule import Outcome
from tests.policies.cloudflare.zone_of_another_stack import evaluate_record
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

RULE_0 = "rate-ruleset: rules[0]"


@pytest.mark.parametrize("action", STOPPING)
def test_a_limit_that_blocks_or_challenges_passes(action: str) -> None:
    assert evaluate(RULE, "zone", {f"{RULE_0}.action": action}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"rate-ruleset": ABSENT}, "missing"),
        ({f"{RULE_0}.enabled": False}, "missing"),
        ({f"{RULE_0}.ratelimit": ABSENT}, "missing"),
        ({f"{RULE_0}.action": "log"}, "none blocks or challenges a client"),
    ],
)
def test_a_zone_without_a_limit_fails(changes: dict[str, object], found: str) -> None:
    assert [finding.found for finding in evaluate(RULE, "zone", changes).findings] == [found]


def test_the_rule_does_not_apply_to_a_zone_with_buckets_only() -> None:
    changes = {"rate-ruleset": ABSENT, "api-record: proxied": False}
    assert evaluate(RULE, "zone", changes).outcome is Outcome.NOT_APPLICABLE


def test_a_record_in_a_zone_of_another_stack_is_indeterminate() -> None:
    assert evaluate_record(RULE, "api-record").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("path", ["rate-ruleset: rules", f"{RULE_0}.action"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
