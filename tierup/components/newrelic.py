"""New Relic: the link of an AWS account, alerts, availability and dashboards. It needs `tierup[newrelic]`."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.newrelic.alerts import NewRelicAlerts, NewRelicAlertsArgs
    from components.newrelic.availability import NewRelicAvailability, NewRelicAvailabilityArgs
    from components.newrelic.aws_link import NewRelicAwsLink, NewRelicAwsLinkArgs
    from components.newrelic.dashboard import NewRelicDashboard, NewRelicDashboardArgs

__all__ = [
    "NewRelicAlerts",
    "NewRelicAlertsArgs",
    "NewRelicAvailability",
    "NewRelicAvailabilityArgs",
    "NewRelicAwsLink",
    "NewRelicAwsLinkArgs",
    "NewRelicDashboard",
    "NewRelicDashboardArgs",
]
