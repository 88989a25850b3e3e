"""Tests of the behaviour rows of AWS Budgets."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account

BUDGET = "aws:budgets/budget:Budget"
MAIL = {
    "comparisonOperator": "GREATER_THAN",
    "notificationType": "ACTUAL",
    "threshold": 80,
    "thresholdType": "PERCENTAGE",
    "subscriberEmailAddresses": ["ops@example.com"],
}


def budget(*notifications: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "budgetType": "COST",
        "timeUnit": "MONTHLY",
        "limitAmount": "120",
        "limitUnit": "USD",
        "notifications": list(notifications),
        **more,
    }


def test_budget_outputs_match_aws() -> None:
    made = Account().make(BUDGET, name="monthly", **budget(MAIL))
    assert made.id == "123456789012:monthly"
    assert made.outputs["arn"] == "arn:aws:budgets::123456789012:budget/monthly"
    assert made.region == ""


@pytest.mark.parametrize(
    "inputs",
    [
        budget(limitUnit="EUR"),
        budget(limitAmount="0"),
        budget(limitAmount="lots"),
        budget(timePeriodStart="2026-11-01"),
        budget({**MAIL, "subscriberEmailAddresses": []}),
        budget({**MAIL, "subscriberEmailAddresses": ["ops"]}),
        budget({**MAIL, "subscriberEmailAddresses": ["ops@example.com"] * 11}),
        budget({**MAIL, "subscriberSnsTopicArns": ["arn:aws:sqs:eu-west-1:1:a"]}),
        budget({**MAIL, "subscriberSnsTopicArns": ["arn:aws:sns:eu-west-1:1:a", "arn:aws:sns:eu-west-1:1:b"]}),
    ],
)
def test_invalid_budget_is_rejected(inputs: dict[str, Any]) -> None:
    assert Account().codes(BUDGET, **inputs) == {"InvalidParameterException"}


@pytest.mark.parametrize("change", [{"thresholdType": "PERCENT"}, {"notificationType": "PAST"}])
def test_unknown_notification_type_is_rejected(change: dict[str, str]) -> None:
    assert Account().codes(BUDGET, **budget({**MAIL, **change})) == {"InvalidValue"}


def test_duplicate_budget_name_is_rejected() -> None:
    account = Account()
    account.make(BUDGET, "one", name="monthly", **budget())
    assert account.codes(BUDGET, "two", name="monthly", **budget()) == {"DuplicateRecordException"}
    assert account.codes(BUDGET, "two", name="a:b", **budget())
