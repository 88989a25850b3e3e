from __future__ import annotations

from typing import Any

import pytest

from policies.cost.budget import RULE
from policies.rule import Outcome, Stack
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

STACK = "tests-dev"


def test_budget_with_notification_passes() -> None:
    assert evaluate(RULE, STACK).outcome is Outcome.PASS


def test_missing_budget_fails() -> None:
    assert evaluate(RULE, STACK, {"budget": ABSENT}).findings[0].found == "missing"


@pytest.mark.parametrize("notifications", [ABSENT, [], [{"threshold": 100}], [{"subscriberSnsTopicArns": []}]])
def test_budget_without_subscriber_fails(notifications: Any) -> None:
    verdict = evaluate(RULE, STACK, {"budget: notifications": notifications})
    assert verdict.findings[0].found == "no subscriber"


def test_topic_subscriber_passes() -> None:
    subscribed = {"budget: notifications[0]": {"subscriberSnsTopicArns": [UNKNOWN]}}
    assert evaluate(RULE, STACK, subscribed).outcome is Outcome.PASS


def test_usage_budget_is_not_a_cost_budget() -> None:
    assert evaluate(RULE, STACK, {"budget: budgetType": "USAGE"}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("limit", "unit", "outcome"),
    [
        ("300", "MONTHLY", Outcome.PASS),
        ("301", "MONTHLY", Outcome.FAIL),
        ("3600", "ANNUALLY", Outcome.PASS),
        ("3612", "ANNUALLY", Outcome.FAIL),
        ("901", "QUARTERLY", Outcome.FAIL),
        ("11", "DAILY", Outcome.FAIL),
        (UNKNOWN, "MONTHLY", Outcome.UNKNOWN),
    ],
)
def test_maximum_budget_is_configurable(limit: str, unit: str, outcome: Outcome) -> None:
    changes = {"budget: limitAmount": limit, "budget: timeUnit": unit}
    assert evaluate(RULE, STACK, changes, parameters={"monthlyBudgetUsd": 300}).outcome is outcome
    assert evaluate(RULE, STACK, changes).outcome is Outcome.PASS


def test_unknown_type_evaluates_to_unknown() -> None:
    assert evaluate(RULE, STACK, {"budget: budgetType": UNKNOWN}).outcome is Outcome.UNKNOWN


def test_stack_without_hourly_costs_is_not_applicable() -> None:
    stack = resource("pulumi:pulumi:Stack", {})
    queue = resource("aws:sqs/queue:Queue", from_state({}))
    assert RULE.evaluate(stack, Stack((stack, queue))).outcome is Outcome.NOT_APPLICABLE
