"""COST-001: a budget warns before the money is spent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

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
    "The highest budget that is allowed, in USD a month; 0 allows any.",
)
SUBSCRIBERS = ("subscriberEmailAddresses", "subscriberSnsTopicArns")
MONTHS = {"DAILY": 1 / 30, "MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}


def check(_stack: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in stack.of(BILLED)):
        raise NotApplicable("nothing in this stack is billed by the hour")
    budgets = [budget for budget in stack.of((BUDGET,)) if budget.properties.get("budgetType") == "COST"]
    if not budgets:
        yield Finding("budget", "missing", "a budget of the type COST with a notification")
    most = parameters[MONTHLY.name]
    for budget in budgets:
        if not any(
            len(notice.get(key) or ()) for _, notice in items(budget.properties, "notifications") for key in SUBSCRIBERS
        ):
            yield Finding(f"{budget.name}: notifications", "nobody is told", "a topic or an address")
        if most and (monthly := _monthly(budget)) > most:
            yield Finding(f"{budget.name}: limitAmount", f"{shown(monthly)} USD a month", f"{shown(most)} or less")


def _monthly(budget: Resource) -> float:
    """In its own currency. A budget that plans month by month, or adjusts itself, has no single limit: 0."""
    return float(budget.properties.get("limitAmount") or 0) / MONTHS.get(str(budget.properties.get("timeUnit")), 1)


RULE = StackRule(
    id="COST-001",
    name="budget",
    title="A stack that is billed by the hour has a budget, and somebody is told before it is spent.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    applies_to=(STACK,),
    check=check,
    remediation="Make an AWS budget for the stack, with a notification at 100 % forecast and at 80 % spent.",
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
    unproven="That the budget counts what this stack spends; and MongoDB Atlas and Cloudflare send bills of their own.",
    level=Level.ADVISORY,
)
