"""A monthly AWS budget for one stack, with a warning before the money is spent.

Makes one aws.budgets.Budget. It counts what carries the stack's cost allocation tag, so that several stacks share an
account without one hiding the other. A tag counts from the day it is switched on, by hand, once per payer account
(Billing → Cost allocation tags → Stack → Activate): AWS lists it there about a day after it was first used, and until
then the budget reads 0. MongoDB Atlas bills apart and is not in it.
https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html (from memory, to be checked)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

_WARNINGS = (
    # (kind, percent of the limit): half-way news helps nobody; 80 % spent or 100 % forecast leaves time to act.
    ("FORECASTED", 100),
    ("ACTUAL", 80),
    ("ACTUAL", 100),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetArgs:
    """How much, of what, and who hears of it."""

    limit_usd: int  # per calendar month
    tag: tuple[str, str]  # cost allocation tag to count by: (key, value)
    topic_arn: Input[str]  # its policy lets budgets.amazonaws.com publish
    tags: Mapping[str, str]  # of everything made here that can have some; a Name is added

    def __post_init__(self) -> None:
        if not all(self.tag) or "$" in self.tag[0]:
            raise ValueError(
                f"tag: got {self.tag}, allowed a key without $, and a value: the budget would count nothing"
            )
        if self.limit_usd < 1:
            raise ValueError(
                f"limit_usd is {self.limit_usd}; allowed is 1 or more, because AWS refuses a budget of nothing"
            )


class Budget(pulumi.ComponentResource):
    budget_name: Output[str]
    """Its name in AWS Budgets."""

    def __init__(self, name: str, args: BudgetArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Budget", name, None, opts)
        key, value = args.tag
        budget = aws.budgets.Budget(
            f"{name}-monthly",
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.limit_usd),
            limit_unit="USD",
            cost_filters=[{"name": "TagKeyValue", "values": [f"user:{key}${value}"]}],
            notifications=[
                {
                    "notification_type": kind,
                    "comparison_operator": "GREATER_THAN",
                    "threshold": percent,
                    "threshold_type": "PERCENTAGE",
                    "subscriber_sns_topic_arns": [args.topic_arn],
                }
                for kind, percent in _WARNINGS
            ],
            tags={**args.tags, "Name": f"{name}-monthly"},
            opts=ResourceOptions(parent=self),
        )
        self.budget_name = budget.name
        self.register_outputs({"budget_name": self.budget_name})
