"""Sentry: projects and alerts. It needs `tierup[sentry]`."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.sentry.alerts import SentryAlerts, SentryAlertsArgs
    from components.sentry.project import SentryErrorTracking, SentryErrorTrackingArgs

__all__ = ["SentryAlerts", "SentryAlertsArgs", "SentryErrorTracking", "SentryErrorTrackingArgs"]
