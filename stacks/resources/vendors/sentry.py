"""Error tracking by Sentry: the project, whose DSN the application gets, and the alerts on the guide's thresholds."""

from __future__ import annotations

from typing import Final

from pulumi import Output

from components.sentry.alerts import SentryAlerts, SentryAlertsArgs
from components.sentry.project import SentryErrorTracking, SentryErrorTrackingArgs
from components.sentry.slugs import slug_of
from stacks.catalog import thresholds
from stacks.config.groups import MonitoringVendor
from stacks.context import StackContext

_ERRORS: Final = 10  # in five minutes, as the alarm service-errors


def create_error_tracking(context: StackContext) -> Output[str] | None:
    """Create project and alerts, and return the DSN (secret); None if the stack does not choose Sentry."""
    config = context.settings.sentry
    if MonitoringVendor.SENTRY not in context.settings.monitoring or config is None:
        return None
    project = SentryErrorTracking(
        "sentry",
        SentryErrorTrackingArgs(
            organization=config.organization,
            slug=config.slug or slug_of(context.project, context.stack),
            platform=config.platform,
            events_per_minute=config.events_per_minute,
        ),
        context.opts,
    )
    SentryAlerts(
        "sentry-alerts",
        SentryAlertsArgs(
            organization=config.organization,
            project=project.project,
            team_id=project.team_id,
            errors=_ERRORS,
            tracing=config.tracing,
            p95_seconds=thresholds.P95_SECONDS,
            failure_percent=thresholds.ERROR_PERCENT,
        ),
        context.opts,
    )
    return project.dsn
