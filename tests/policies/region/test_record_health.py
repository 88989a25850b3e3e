from __future__ import annotations

import pytest

from policies.region.record_health import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

RECORD = "weighted-record"


def test_record_that_evaluates_its_target_passes() -> None:
    assert evaluate(RULE, RECORD).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [{"aliases[0].evaluateTargetHealth": False}, {"aliases": ABSENT, "records": ["192.0.2.1"]}],
    ids=["alias", "address"],
)
def test_record_without_health_fails_and_with_a_health_check_passes(changes: dict[str, object]) -> None:
    assert evaluate(RULE, RECORD, changes).outcome is Outcome.FAIL
    assert evaluate(RULE, RECORD, {**changes, "healthCheckId": "check"}).outcome is Outcome.PASS


def test_record_without_routing_policy_is_not_applicable() -> None:
    assert evaluate(RULE, RECORD, {"weightedRoutingPolicies": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, RECORD, {"aliases[0].evaluateTargetHealth": UNKNOWN}).outcome is Outcome.UNKNOWN
