"""Constraints: settings that name secrets or need them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from stacks.config.errors import ConfigError, setting_error
from stacks.config.groups import MonitoringVendor

if TYPE_CHECKING:
    from stacks.config.model import Settings


_VENDOR_SECRETS: Final = {
    MonitoringVendor.DATADOG: "datadogApiKey",
    MonitoringVendor.NEWRELIC: "newRelicLicenseKey",
}
"""The secret that each vendor's agent or metric stream needs."""


def app_secret_errors(settings: Settings, names: Collection[str]) -> Iterator[ConfigError]:
    """Yield an error for each service that names a secret which is not among those of tierup:appSecrets."""
    for name, service in settings.services.items():
        unknown = sorted(set(service.app_secrets).difference(names))
        if unknown:
            yield setting_error(
                f"services.{name}.appSecrets",
                "not keys of tierup:appSecrets",
                "Remove them here, or add them there",
                f"pulumi config set --secret --path tierup:appSecrets.{unknown[0]}",
                got=", ".join(unknown),
            )


def alert_webhook_errors(settings: Settings, names: Collection[str]) -> Iterator[ConfigError]:
    """Yield an error for each route with a webhook that is not among those of tierup:alertWebhooks."""
    routes = settings.alert_routes
    for severity, route in (("page", routes.page), ("ticket", routes.ticket)) if routes else ():
        unknown = sorted(set(route.webhooks).difference(names))
        if unknown:
            yield setting_error(
                f"alertRoutes.{severity}.webhooks",
                "not keys of tierup:alertWebhooks",
                "Remove them here, or add them there",
                f"pulumi config set --secret --path tierup:alertWebhooks.{unknown[0]}",
                got=", ".join(unknown),
            )


def vendor_errors(settings: Settings, given: Collection[str]) -> Iterator[ConfigError]:
    """Yield an error for each vendor without its secret, and for each vendor's settings without the vendor.

    `given` holds the keys of the secrets that are set, without the namespace.
    """
    for vendor, secret in _VENDOR_SECRETS.items():
        if vendor in settings.monitoring and secret not in given:
            yield setting_error(
                secret,
                f"the setting is missing, and tierup:monitoring {vendor} requires it",
                "Set the key of your account",
                f"pulumi config set --secret tierup:{secret}",
            )
    for vendor in (MonitoringVendor.DATADOG, MonitoringVendor.NEWRELIC):
        if vendor in settings.monitoring and settings.uses_hosts:
            yield setting_error(
                "monitoring",
                "the vendor monitors the load balancer and the services on AWS, and the stack uses other hosts",
                "Allowed when frontend and API are on AWS alone",
                "pulumi config rm tierup:monitoring",
                got=vendor,
            )
    if MonitoringVendor.NEWRELIC in settings.monitoring and settings.new_relic is None:
        yield setting_error(
            "newRelic",
            "the setting is missing, and tierup:monitoring newrelic requires it",
            "Set the id of your account",
            """pulumi config set tierup:newRelic '{"accountId": "1234567"}'""",
        )
    if MonitoringVendor.SENTRY in settings.monitoring and settings.sentry is None:
        yield setting_error(
            "sentry",
            "the setting is missing, and tierup:monitoring sentry requires it",
            "Set the slug of your organization",
            "pulumi config set --path tierup:sentry.organization example",
        )
    if MonitoringVendor.SENTRY in settings.monitoring and "sentryDsn" in given:
        yield setting_error(
            "sentryDsn",
            "the stack creates a project in Sentry and uses its DSN, because tierup:monitoring contains sentry",
            "Remove one of the two",
            "pulumi config rm tierup:sentryDsn",
        )
    for vendor, key, value in (
        (MonitoringVendor.DATADOG, "datadog", settings.datadog),
        (MonitoringVendor.NEWRELIC, "newRelic", settings.new_relic),
        (MonitoringVendor.SENTRY, "sentry", settings.sentry),
    ):
        if value is not None and vendor not in settings.monitoring:
            yield setting_error(
                key,
                f"the setting has no effect, because tierup:monitoring does not contain {vendor}",
                f"Remove it, or choose {vendor}",
                f"pulumi config rm tierup:{key}, or pulumi config set --path 'tierup:monitoring[0]' {vendor}",
            )
