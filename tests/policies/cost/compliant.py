"""What the compliant program may cost: the stack itself, as the engine shows it, and its budget."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws


def deploy() -> None:
    """Declares them."""
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
