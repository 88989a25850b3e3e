"""The budget: counts one stack, warns before and after."""

from __future__ import annotations

import pytest

from components.monitoring.budget import Budget, BudgetArgs
from tests.engine_recorder import record

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def test_it_counts_what_carries_the_tag_and_warns_of_the_forecast_too() -> None:
    args = BudgetArgs(limit_usd=150, tag=("Stack", "dev"), topic_arn=TOPIC, tags={"Stack": "dev"})
    budget = record(lambda: Budget("budget", args)).one("aws:budgets/budget:Budget")
    assert budget.inputs["limitAmount"] == "150"
    assert budget.inputs["costFilters"] == [{"name": "TagKeyValue", "values": ["user:Stack$dev"]}]
    warnings = {(found["notificationType"], found["threshold"]) for found in budget.inputs["notifications"]}
    assert warnings == {("FORECASTED", 100), ("ACTUAL", 80), ("ACTUAL", 100)}
    assert all(found["subscriberSnsTopicArns"] == [TOPIC] for found in budget.inputs["notifications"])


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        BudgetArgs(limit_usd=0, tag=("Stack", "dev"), topic_arn=TOPIC, tags={})


@pytest.mark.parametrize("tag", [("", "dev"), ("Stack", ""), ("Sta$ck", "dev")])
def test_a_tag_that_counts_nothing_is_refused(tag: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"tag: got .*allowed a key without \$, and a value"):
        BudgetArgs(limit_usd=1, tag=tag, topic_arn=TOPIC, tags={})
