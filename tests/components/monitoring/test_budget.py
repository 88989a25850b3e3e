"""The budget: its cost filter and notifications."""

from __future__ import annotations

import pytest

from components.monitoring.budget import Budget, BudgetArgs
from tests.engine_recorder import record

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def test_budget_filters_by_tag_and_notifies_forecast_and_actual_costs() -> None:
    args = BudgetArgs(limit_usd=150, tag=("Stack", "dev"), topic_arn=TOPIC, tags={"Stack": "dev"})
    budget = record(lambda: Budget("budget", args)).one("aws:budgets/budget:Budget")
    assert budget.inputs["limitAmount"] == "150"
    assert budget.inputs["costFilters"] == [{"name": "TagKeyValue", "values": ["user:Stack$dev"]}]
    warnings = {(found["notificationType"], found["threshold"]) for found in budget.inputs["notifications"]}
    assert warnings == {("FORECASTED", 100), ("ACTUAL", 80), ("ACTUAL", 100)}
    assert all(found["subscriberSnsTopicArns"] == [TOPIC] for found in budget.inputs["notifications"])


def test_zero_limit_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^limit_usd: .*\(got 0\)\. Give 1 or more"):
        BudgetArgs(limit_usd=0, tag=("Stack", "dev"), topic_arn=TOPIC, tags={})


@pytest.mark.parametrize("tag", [("", "dev"), ("Stack", ""), ("Sta$ck", "dev")])
def test_invalid_tag_is_rejected(tag: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^tag: .*Give a key without \$, and a value"):
        BudgetArgs(limit_usd=1, tag=tag, topic_arn=TOPIC, tags={})
