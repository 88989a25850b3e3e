from __future__ import annotations

import pytest

from policies.cloudflare.rate_limit import RULE, STOPPING
from policies.rule import Outcome
from tests.policies.cloudflare.zone_of_others import evaluate_record
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

RULE_0 = "rate-ruleset: rules[0]"


@pytest.mark.parametrize("action", STOPPING)
def test_a_limit_that_stops_clients_passes(action: str) -> None:
    assert evaluate(RULE, "zone", {f"{RULE_0}.action": action}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"rate-ruleset": ABSENT}, "missing"),
        ({f"{RULE_0}.enabled": False}, "missing"),
        ({f"{RULE_0}.ratelimit": ABSENT}, "missing"),
        ({f"{RULE_0}.action": "log"}, "none stops a client"),
    ],
)
def test_no_limit_fails(changes: dict[str, object], found: str) -> None:
    assert [finding.found for finding in evaluate(RULE, "zone", changes).findings] == [found]


def test_files_in_a_bucket_need_none() -> None:
    changes = {"rate-ruleset": ABSENT, "api-record: proxied": False}
    assert evaluate(RULE, "zone", changes).outcome is Outcome.NOT_APPLICABLE


def test_a_record_of_another_stacks_zone_cannot_be_evaluated() -> None:
    assert evaluate_record(RULE, "api-record").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("path", ["rate-ruleset: rules", f"{RULE_0}.action"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert evaluate(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
