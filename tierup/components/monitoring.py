"""CloudWatch, Route 53 and Budgets: alarms, dashboards, checks and budgets."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.monitoring.alarm_subscriptions import AlarmSubscriptions, AlarmSubscriptionsArgs
    from components.monitoring.alarm_topic import AlarmTopic, AlarmTopicArgs
    from components.monitoring.alarms import Alarm, Alarms, AlarmsArgs, TreatMissingData
    from components.monitoring.budget import Budget, BudgetArgs
    from components.monitoring.burn_rate_alarms import BurnRateAlarms, BurnRateAlarmsArgs
    from components.monitoring.dashboard import (
        AlarmStates,
        Computed,
        Dashboard,
        DashboardArgs,
        DashboardRow,
        Graph,
        LogLines,
        RegionalMetric,
    )
    from components.monitoring.deployment_events import DeploymentEvents, DeploymentEventsArgs
    from components.monitoring.log_error_metric import LogErrorMetric, LogErrorMetricArgs
    from components.monitoring.metric import Metric
    from components.monitoring.metric_stream import MetricStream, MetricStreamArgs
    from components.monitoring.monitored_threshold import MonitoredThreshold
    from components.monitoring.slack_channel import SlackChannel, SlackChannelArgs
    from components.monitoring.uptime_check import UptimeCheck, UptimeCheckArgs

__all__ = [
    "Alarm",
    "AlarmStates",
    "AlarmSubscriptions",
    "AlarmSubscriptionsArgs",
    "AlarmTopic",
    "AlarmTopicArgs",
    "Alarms",
    "AlarmsArgs",
    "Budget",
    "BudgetArgs",
    "BurnRateAlarms",
    "BurnRateAlarmsArgs",
    "Computed",
    "Dashboard",
    "DashboardArgs",
    "DashboardRow",
    "DeploymentEvents",
    "DeploymentEventsArgs",
    "Graph",
    "LogErrorMetric",
    "LogErrorMetricArgs",
    "LogLines",
    "Metric",
    "MetricStream",
    "MetricStreamArgs",
    "MonitoredThreshold",
    "RegionalMetric",
    "SlackChannel",
    "SlackChannelArgs",
    "TreatMissingData",
    "UptimeCheck",
    "UptimeCheckArgs",
]
