"""New Relic's types. Its plan exists before the stack, and its price depends on data and users."""

from __future__ import annotations

from typing import Final

FREE: Final = frozenset(
    {
        "newrelic:cloud/awsLinkAccount:AwsLinkAccount",
        "newrelic:index/alertPolicy:AlertPolicy",
        "newrelic:index/notificationChannel:NotificationChannel",
        "newrelic:index/notificationDestination:NotificationDestination",
        "newrelic:index/nrqlAlertCondition:NrqlAlertCondition",
        "newrelic:index/oneDashboardJson:OneDashboardJson",
        "newrelic:index/serviceLevel:ServiceLevel",
        "newrelic:index/workflow:Workflow",
        "newrelic:synthetics/monitor:Monitor",
    }
)
"""Types without a fixed price: https://newrelic.com/pricing (from memory)."""
