"""Datadog: the AWS integration, monitors, objectives, synthetic tests and dashboards. It needs `tierup[datadog]`."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.datadog.aws_integration import DatadogAwsIntegration, DatadogAwsIntegrationArgs
    from components.datadog.dashboard import DatadogDashboard, DatadogDashboardArgs
    from components.datadog.monitors import DatadogMonitors, DatadogMonitorsArgs
    from components.datadog.objective import DatadogObjective, DatadogObjectiveArgs
    from components.datadog.recipients import DatadogRecipients
    from components.datadog.synthetic_check import DatadogSyntheticCheck, DatadogSyntheticCheckArgs

__all__ = [
    "DatadogAwsIntegration",
    "DatadogAwsIntegrationArgs",
    "DatadogDashboard",
    "DatadogDashboardArgs",
    "DatadogMonitors",
    "DatadogMonitorsArgs",
    "DatadogObjective",
    "DatadogObjectiveArgs",
    "DatadogRecipients",
    "DatadogSyntheticCheck",
    "DatadogSyntheticCheckArgs",
]
