"""The compliant program's stack resource and its budget."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws


def deploy() -> None:
    """Declare the resources."""
    pulumi.CustomResource("pulumi:pulumi:Stack", "tests-dev")
    aws.budgets.Budget(
        "budget",
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
    )
