"""The settings that are secrets. Their values never pass through the model and never appear in a message."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast
from urllib.parse import urlsplit

from stacks.config.containers import RESERVED_VARIABLES
from stacks.config.errors import ConfigError, setting_error

_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretSetting:
    """What one secret setting holds, and the check of its form."""

    description: str
    is_valid: Callable[[str], bool]
    example: str | None = None
    """The arguments of `pulumi config set --secret`; None is the key alone."""


def _is_dsn(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.username and parts.path.strip("/"))


APP_SECRETS = "appSecrets"
"""The key of the secret variables of the application, an object."""


def app_secret_names(text: str | None) -> Collection[str]:
    """Return the names in the text of tierup:appSecrets; none if it is absent or not an object."""
    return _variables(text).keys()


ALERT_WEBHOOKS = "alertWebhooks"
"""The key of the webhooks for alarms, an object."""


def alert_webhook_names(text: str | None) -> Collection[str]:
    """Return the names in the text of tierup:alertWebhooks; none if it is absent or not an object."""
    return _variables(text).keys()


def _are_urls(text: str) -> bool:
    values = _variables(text)
    return bool(values) and all(
        re.fullmatch(r"[a-z][A-Za-z0-9]{0,31}", name) and isinstance(url, str) and urlsplit(url).scheme == "https"
        for name, url in values.items()
    )


def _are_variables(text: str) -> bool:
    values = _variables(text)
    return bool(values) and all(
        _VARIABLE.fullmatch(name) and name not in RESERVED_VARIABLES and isinstance(value, str) and value
        for name, value in values.items()
    )


def _variables(text: str | None) -> dict[str, object]:
    try:
        values = json.loads(text or "{}")
    except ValueError:
        return {}
    return cast("dict[str, object]", values) if isinstance(values, dict) else {}


SECRETS: Mapping[str, SecretSetting] = MappingProxyType(
    {
        APP_SECRETS: SecretSetting(
            description="secret environment variables of the application: name in upper case → value; the stack keeps "
            "them in Secrets Manager, and service, worker and tasks of the same image get them. Names that the stack "
            "sets itself are not allowed",
            is_valid=_are_variables,
            example="--path tierup:appSecrets.STRIPE_KEY",
        ),
        "sentryDsn": SecretSetting(
            description="a secret: a Sentry DSN, `https://<key>@<host>/<project>`", is_valid=_is_dsn
        ),
        "datadogApiKey": SecretSetting(
            description="a secret: the 32 hexadecimal digits of a Datadog API key; the Datadog agent then runs as a "
            "sidecar of the service",
            is_valid=lambda text: re.fullmatch(r"[0-9a-f]{32}", text) is not None,
        ),
        "newRelicLicenseKey": SecretSetting(
            description="a secret: the license key (ingest) of the New Relic account; the metric stream sends it",
            is_valid=lambda text: re.fullmatch(r"[A-Za-z0-9]{40}", text) is not None,
        ),
        "cloudflareClientKey": SecretSetting(
            description="a secret: the private key of tierup:cloudflareClientCertificate, PEM",
            is_valid=lambda text: re.match(r"\s*-----BEGIN ([A-Z]+ )?PRIVATE KEY-----", text) is not None,
        ),
        ALERT_WEBHOOKS: SecretSetting(
            description="https URLs of webhooks for alarms: name → URL, such as PagerDuty's "
            "`https://events.pagerduty.com/integration/<key>/enqueue`; `tierup:alertRoutes` names them. An endpoint "
            "must confirm the SNS subscription automatically",
            is_valid=_are_urls,
            example="--path tierup:alertWebhooks.pagerDuty",
        ),
        "openTelemetryToken": SecretSetting(
            description="a secret: the token that tierup:openTelemetryConfig reads as ${env:OPENTELEMETRY_TOKEN}",
            is_valid=lambda text: bool(text.strip()),
        ),
    }
)
"""The secret settings by key, without the namespace."""

PLACEHOLDER = "sandbox"
"""The value that `tierup` passes to a sandbox run for a secret that only the user's own key decrypts."""


_DEPENDENCIES = (
    # secret, the setting that uses it, whether that setting requires the secret
    ("cloudflareClientKey", "cloudflareClientCertificate", True),
    ("openTelemetryToken", "openTelemetryConfig", False),
    (ALERT_WEBHOOKS, "alertRoutes", False),
)


def dependency_errors(given: Collection[str]) -> Iterator[ConfigError]:
    """Yield an error for each secret without the setting that uses it, and the reverse.

    `given` holds the keys that are set, without the namespace.
    """
    for secret, setting, required in _DEPENDENCIES:
        if secret in given and setting not in given:
            yield setting_error(
                secret,
                f"the secret is set without tierup:{setting}, the only setting that uses it",
                "Set both or none",
                f"pulumi config rm tierup:{secret}",
            )
        if required and setting in given and secret not in given:
            yield setting_error(
                secret,
                f"the setting is missing, and tierup:{setting} requires it",
                f"Allowed: {SECRETS[secret].description.replace('`', '')}",
                f"pulumi config set --secret tierup:{secret}",
            )


def secret_errors(key: str, text: str | None, *, secret_keys: Collection[str]) -> Iterator[ConfigError]:
    """Yield what is wrong with one secret setting.

    `key` has its namespace, `text` is None where the setting is absent, `secret_keys` are the keys that Pulumi stores
    encrypted.
    """
    setting = SECRETS[key.partition(":")[2]]
    command = f"pulumi config set --secret {setting.example or key}"
    if text is None:
        return
    if key not in secret_keys:
        yield ConfigError(
            key=key,
            problem="the value is stored in plain text",
            expected="Store it as a secret",
            command=command,
        )
    if text != PLACEHOLDER and not setting.is_valid(text):
        yield ConfigError(
            key=key,
            problem="the value does not have the form of this secret",
            got="a value that is not shown",
            expected=f"Allowed: {setting.description.replace('`', '')}",
            command=command,
        )
