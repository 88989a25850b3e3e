from __future__ import annotations

import pytest

from policies.hosts.paid_instance import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

PLAN = "serviceDetails.plan"


@pytest.mark.parametrize("plan", ["starter", "pro", ABSENT])
def test_paid_and_default_instance_types_pass(plan: object) -> None:
    assert evaluate(RULE, "render-api", {PLAN: plan}).outcome is Outcome.PASS


def test_free_instance_type_fails() -> None:
    assert evaluate(RULE, "render-api", {PLAN: "free"}).outcome is Outcome.FAIL


def test_unknown_instance_type_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "render-api", {PLAN: UNKNOWN}).outcome is Outcome.UNKNOWN
