"""The settings that are secrets: their values never pass through the model, and never into a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from stacks.config.errors import ConfigError


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretSetting:
    """One of them."""

    allowed: str
    looks_right: Callable[[str], bool]


def _is_dsn(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.username and parts.path.strip("/"))


SECRETS: Mapping[str, SecretSetting] = MappingProxyType(
    {
        "sentryDsn": SecretSetting(
            allowed="a secret: a Sentry DSN, `https://<key>@<host>/<project>`", looks_right=_is_dsn
        ),
        "datadogApiKey": SecretSetting(
            allowed="a secret: the 32 hexadecimal digits of a Datadog API key; its agent then runs beside the service",
            looks_right=lambda text: re.fullmatch(r"[0-9a-f]{32}", text) is not None,
        ),
        "cloudflareClientKey": SecretSetting(
            allowed="a secret: the private key of tierup:cloudflareClientCertificate, PEM",
            looks_right=lambda text: re.match(r"\s*-----BEGIN ([A-Z]+ )?PRIVATE KEY-----", text) is not None,
        ),
        "openTelemetryToken": SecretSetting(
            allowed="a secret: what tierup:openTelemetryConfig names as ${env:OPENTELEMETRY_TOKEN}",
            looks_right=lambda text: bool(text.strip()),
        ),
    }
)
"""Key in the configuration → what it is."""

REHEARSED = "rehearsal"
"""What `tierup` puts in the place of a secret that only your own key opens; it looks like none of them."""


_PAIRS = (
    # (secret, the setting that it belongs to, whether that one cannot be without)
    ("cloudflareClientKey", "cloudflareClientCertificate", True),
    ("openTelemetryToken", "openTelemetryConfig", False),
)


def lone_secret_errors(given: Collection[str]) -> Iterator[ConfigError]:
    """Secrets without the setting that uses them, and the other way round; `given` without the namespace."""
    for secret, setting, both in _PAIRS:
        if secret in given and setting not in given:
            yield ConfigError(
                key=f"tierup:{secret}",
                problem=f"is set without tierup:{setting}, which uses it",
                remedy=f"pulumi config rm tierup:{secret}",
            )
        if both and setting in given and secret not in given:
            yield ConfigError(
                key=f"tierup:{secret}",
                problem=f"is missing. Needed with tierup:{setting}: {SECRETS[secret].allowed.replace('`', '')}",
                remedy=f"pulumi config set --secret tierup:{secret}",
            )


def secret_errors(key: str, text: str | None, *, secret_keys: Collection[str]) -> Iterator[ConfigError]:
    """What is wrong with a secret setting; `key` with its namespace, `text` None where it is not set."""
    remedy = f"pulumi config set --secret {key}"
    if text is None:
        return
    if key not in secret_keys:
        yield ConfigError(key=key, problem="is stored in plain text. Allowed: a secret", remedy=remedy)
    setting = SECRETS[key.partition(":")[2]]
    if text != REHEARSED and not setting.looks_right(text):
        allowed = setting.allowed.replace("`", "")
        yield ConfigError(key=key, problem=f"does not look right (value not shown). Allowed: {allowed}", remedy=remedy)
