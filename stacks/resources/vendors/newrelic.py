"""Monitoring by New Relic: the metric stream and the link of the account, alerts, availability and a dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pulumi import Output

from components.monitoring.metric_stream import MetricStream, MetricStreamArgs
from components.newrelic.alerts import NewRelicAlerts, NewRelicAlertsArgs
from components.newrelic.availability import NewRelicAvailability, NewRelicAvailabilityArgs
from components.newrelic.aws_link import ENDPOINTS, NewRelicAwsLink, NewRelicAwsLinkArgs
from components.newrelic.dashboard import NewRelicDashboard, NewRelicDashboardArgs
from components.newrelic.queries import is_streamed
from stacks.catalog.phases import Feature
from stacks.config.groups import NewRelicConfig
from stacks.context import StackContext
from stacks.monitoring.business import OBJECTIVE_PERCENT
from stacks.monitoring.vendor_thresholds import VendorMonitoring

_NAMESPACES: Final = ("AWS/ApplicationELB", "AWS/ECS", "AWS/ElastiCache")


def create(context: StackContext, monitoring: VendorMonitoring) -> Mapping[str, Output[str]]:
    """Create the monitoring by New Relic and return its stack outputs."""
    config, license_key = context.settings.new_relic, context.settings.new_relic_license_key
    if config is None or license_key is None:
        return {}
    title = f"{context.project}/{context.stack}"
    thresholds = {name: each for name, each in monitoring.thresholds.items() if is_streamed(each)}
    _stream(context, config, license_key)
    link = NewRelicAwsLinkArgs(title=title, new_relic_account_id=config.account_id, tags=context.tags)
    NewRelicAwsLink("newrelic", link, context.opts)
    routes, email = context.settings.alert_routes, context.settings.alert_email
    alerts = NewRelicAlertsArgs(
        title=title,
        thresholds=thresholds,
        page_emails=[email, *(routes.page.emails if routes else ())],
        ticket_emails=[email, *(routes.ticket.emails if routes else ())],
        new_relic_account_id=config.account_id,
        runbooks=context.settings.runbook_url,
    )
    NewRelicAlerts("newrelic-alerts", alerts, context.opts)
    _availability(context, config, title)
    dashboard = NewRelicDashboard(
        "newrelic-overview",
        NewRelicDashboardArgs(title=title, thresholds=thresholds, new_relic_account_id=config.account_id),
        context.opts,
    )
    return {"new_relic_dashboard_url": dashboard.url}


def _stream(context: StackContext, config: NewRelicConfig, license_key: Output[str]) -> None:
    args = MetricStreamArgs(
        vendor="New Relic",
        endpoint=ENDPOINTS[config.region],
        key=license_key,
        namespaces=_NAMESPACES,
        recovery_window_days=context.secret_recovery_days,
        force_destroy=not context.settings.protect,
        tags=context.tags,
    )
    MetricStream("newrelic-metrics", args, context.opts)


def _availability(context: StackContext, config: NewRelicConfig, title: str) -> None:
    """Create the monitors of API and site, as far as New Relic may request them (compare the uptime checks)."""
    settings = context.settings
    args = NewRelicAvailabilityArgs(
        title=f"{title}: API",
        url=f"https://{settings.api_host}{settings.backend.health_check_path}",
        objective_percent=OBJECTIVE_PERCENT,
        new_relic_account_id=config.account_id,
        period=config.period,
    )
    if settings.client_certificates is None or context.has(Feature.API_BEHIND_CDN):
        NewRelicAvailability("newrelic-api", args, context.opts)
    if settings.client_restrictions is None:
        site = replace(args, title=f"{title}: site", url=f"https://{settings.domain}/")
        NewRelicAvailability("newrelic-site", site, context.opts)
