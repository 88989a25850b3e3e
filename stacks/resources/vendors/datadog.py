"""Monitoring by Datadog: the AWS integration, monitors, an objective, a synthetic test and a dashboard.

The agent runs as a sidecar of the tasks (stacks/resources/tasks.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pulumi import Output

from components.datadog.aws_integration import DatadogAwsIntegration, DatadogAwsIntegrationArgs
from components.datadog.dashboard import DatadogDashboard, DatadogDashboardArgs
from components.datadog.monitors import DatadogMonitors, DatadogMonitorsArgs
from components.datadog.objective import DatadogObjective, DatadogObjectiveArgs
from components.datadog.recipients import DatadogRecipients
from components.datadog.synthetic_check import DatadogSyntheticCheck, DatadogSyntheticCheckArgs
from stacks.catalog.phases import Feature
from stacks.config.groups import DatadogConfig
from stacks.context import StackContext
from stacks.monitoring.business import OBJECTIVE_PERCENT
from stacks.monitoring.vendor_thresholds import VendorMonitoring


def create(context: StackContext, monitoring: VendorMonitoring) -> Mapping[str, Output[str]]:
    """Create the monitoring by Datadog and return its stack outputs."""
    settings = context.settings
    config = settings.datadog or DatadogConfig()
    title, recipients = f"{context.project}/{context.stack}", _recipients(context, config)
    if not config.existing_integration:
        args = DatadogAwsIntegrationArgs(
            account_id=context.lookups.account_id,
            regions=[settings.region],
            site=settings.datadog_site,
            tags=context.tags,
        )
        DatadogAwsIntegration("datadog", args, context.opts)
    DatadogMonitors(
        "datadog-monitors",
        DatadogMonitorsArgs(
            thresholds=monitoring.thresholds,
            title=title,
            recipients=recipients,
            runbooks=settings.runbook_url,
            tags=context.tags,
        ),
        context.opts,
    )
    objective = DatadogObjective(
        "datadog-availability",
        DatadogObjectiveArgs(
            title=f"{title}: requests succeed",
            requests=monitoring.requests,
            failures=monitoring.failures,
            objective_percent=OBJECTIVE_PERCENT,
            tags=context.tags,
        ),
        context.opts,
    )
    _checks(context, config, title, recipients)
    dashboard = DatadogDashboard(
        "datadog-overview",
        DatadogDashboardArgs(title=title, thresholds=monitoring.thresholds, objective_id=objective.objective_id),
        context.opts,
    )
    return {"datadog_dashboard_url": Output.concat("https://app.", settings.datadog_site, dashboard.url)}


def _recipients(context: StackContext, config: DatadogConfig) -> DatadogRecipients:
    """Return the handles of the settings; without them, the e-mail addresses of the stack's alert routes."""
    routes, email = context.settings.alert_routes, context.settings.alert_email
    page = [email, *(routes.page.emails if routes else ())]
    ticket = [email, *(routes.ticket.emails if routes else ())]
    return DatadogRecipients(
        page=config.page_handles or list(dict.fromkeys(f"@{each}" for each in page)),
        ticket=config.ticket_handles or list(dict.fromkeys(f"@{each}" for each in ticket)),
    )


def _checks(context: StackContext, config: DatadogConfig, title: str, recipients: DatadogRecipients) -> None:
    """Create the tests of API and site, as far as Datadog's locations may request them (compare the uptime checks)."""
    settings = context.settings
    if settings.client_certificates is None or context.has(Feature.API_BEHIND_CDN):
        path = settings.backend.health_check_path
        _check(context, config, "datadog-api", f"https://{settings.api_host}{path}", f"{title}: API", recipients)
    if settings.client_restrictions is None:
        _check(context, config, "datadog-site", f"https://{settings.domain}/", f"{title}: site", recipients)


def _check(
    context: StackContext, config: DatadogConfig, name: str, url: str, title: str, recipients: DatadogRecipients
) -> None:
    args = DatadogSyntheticCheckArgs(
        url=url,
        title=title,
        recipients=recipients,
        interval_seconds=config.interval_seconds,
        runbooks=context.settings.runbook_url,
        tags=context.tags,
    )
    if config.locations:
        args = replace(args, locations=config.locations)
    DatadogSyntheticCheck(name, args, context.opts)
