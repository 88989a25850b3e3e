"""The budget, which sends an e-mail when the account costs more than expected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tierup.counting import counted
from tierup.preflight.aws_clients import GLOBAL_REGION, pages
from tierup.preflight.check import PreflightCheck, PreflightFinding, passed, warned
from tierup.preflight.context import PreflightContext

_BUDGET: Final = "aws:budgets/budget:Budget"


def _budget(context: PreflightContext) -> Iterator[PreflightFinding]:
    if any(each.type == _BUDGET for each in context.resources()):
        yield passed(f"The stack creates a budget of {context.settings.budget_usd} US dollars a month.")
        return
    account = context.account_id()
    budgets = list(
        pages(context.aws.client("budgets", GLOBAL_REGION), "describe_budgets", "Budgets", AccountId=account)
    )
    if budgets:
        yield passed(f"The account has {counted(len(budgets), 'budget')}, such as {budgets[0]['BudgetName']}.")
        return
    document = (
        f'{{"BudgetName": "{context.plan.short_name}", "BudgetType": "COST", "TimeUnit": "MONTHLY", '
        f'"BudgetLimit": {{"Amount": "{context.settings.budget_usd}", "Unit": "USD"}}}}'
    )
    subscriber = (
        '[{"Notification": {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}, '
        f'"Subscribers": [{{"SubscriptionType": "EMAIL", "Address": "{context.settings.alert_email}"}}]}}]'
    )
    yield warned(
        "The account has no budget, and the phase of the stack creates none.",
        f"aws budgets create-budget --account-id {account} --budget '{document}' "
        f"--notifications-with-subscribers '{subscriber}'",
    )


CHECKS: Final = (
    PreflightCheck(
        name="budget",
        area="AWS",
        description="The account has a budget, or the stack creates one.",
        run=_budget,
        needs_aws=True,
        timeout_seconds=150,
    ),
)
