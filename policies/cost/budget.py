"""COST-001: a stack that is billed by the hour has a budget that notifies a subscriber before the limit is reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..inputs import number
from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameter,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    items,
    shown,
)
from .billed import BILLED

STACK = "pulumi:pulumi:Stack"
BUDGET = "aws:budgets/budget:Budget"
MONTHLY = Parameter(
    "monthlyBudgetUsd",
    {"type": "number", "minimum": 0},
    0,
    "Maximum budget in USD per month; 0 allows any.",
)
SUBSCRIBERS = ("subscriberEmailAddresses", "subscriberSnsTopicArns")
MONTHS = {"DAILY": 1 / 30, "MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}


def check(_stack: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in stack.of(BILLED)):
        raise NotApplicable("no resource of this stack is billed by the hour")
    budgets = [budget for budget in stack.of((BUDGET,)) if budget.properties.get("budgetType") == "COST"]
    if not budgets:
        yield Finding("budget", "missing", "a budget of type COST with a notification")
    maximum = parameters[MONTHLY.name]
    for budget in budgets:
        if not any(
            len(notification.get(key) or ())
            for _, notification in items(budget.properties, "notifications")
            for key in SUBSCRIBERS
        ):
            yield Finding(f"{budget.name}: notifications", "no subscriber", "an SNS topic or an email address")
        if maximum and (monthly := _monthly(budget)) > maximum:
            yield Finding(f"{budget.name}: limitAmount", f"{shown(monthly)} USD a month", f"{shown(maximum)} or less")


def _monthly(budget: Resource) -> float:
    """Return the monthly limit in the budget's currency. A planned or auto-adjusting budget has no single limit: 0."""
    return (number(budget.properties, "limitAmount") or 0) / MONTHS.get(str(budget.properties.get("timeUnit")), 1)


RULE = StackRule(
    id="COST-001",
    name="budget",
    title="A stack with hourly costs has a budget with a notification.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    applies_to=(STACK,),
    check=check,
    remediation="Create an AWS budget for the stack with notifications at 100 % forecast and at 80 % actual spend.",
    example="""aws.budgets.Budget(
    "monthly",
    budget_type="COST",
    time_unit="MONTHLY",
    limit_amount="300",
    limit_unit="USD",
    notifications=[
        {
            "notification_type": "FORECASTED",
            "comparison_operator": "GREATER_THAN",
            "threshold": 100,
            "threshold_type": "PERCENTAGE",
            "subscriber_email_addresses": ["billing@example.com"],
        }
    ],
)""",
    source="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html",
    read=date(2026, 11, 24),
    parameters=(MONTHLY,),
    unproven=(
        "The rule does not see whether the budget covers this stack's costs; MongoDB Atlas and Cloudflare bill "
        "separately."
    ),
    level=Level.ADVISORY,
)
