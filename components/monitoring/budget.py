"""A monthly AWS budget for one stack, which warns before the limit is spent.

Creates one aws.budgets.Budget. It counts costs with the stack's cost allocation tag, so that several stacks of one
account have separate budgets. A tag counts once it is activated by hand in the payer account (Billing → Cost allocation
tags → Stack → Activate). AWS lists it there about a day after its first use; until then the budget is 0. MongoDB Atlas
sends its own bill, which the budget does not include.
https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html (from memory, to be checked)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

_WARNINGS = (
    # (kind, percent of the limit): 80 % spent or 100 % forecast leaves time to act.
    ("FORECASTED", 100),
    ("ACTUAL", 80),
    ("ACTUAL", 100),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetArgs:
    """Arguments of Budget."""

    limit_usd: int
    """Limit in USD per calendar month; 1 or more."""
    tag: tuple[str, str]
    """Cost allocation tag that the budget filters by: (key, value)."""
    topic_arn: Input[str]
    """ARN of an SNS topic whose policy allows budgets.amazonaws.com to publish."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""

    def __post_init__(self) -> None:
        if not all(self.tag) or "$" in self.tag[0]:
            raise ValueError(
                f"tag: the budget would count no costs (got {self.tag}). Give a key without $, and a value."
            )
        if self.limit_usd < 1:
            raise ValueError(f"limit_usd: must be positive (got {self.limit_usd}). Give 1 or more.")


class Budget(pulumi.ComponentResource):
    """A monthly cost budget with notifications."""

    budget_name: Output[str]
    """Name of the budget in AWS Budgets."""

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
