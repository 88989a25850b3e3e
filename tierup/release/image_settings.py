"""Where a stack's settings file holds the image of each service, and which of its other settings are not deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from tierup.deployment.errors import CommandError, ExitCode
from tierup.program_settings import NAMESPACE, SECRET_SETTINGS
from tierup.switch.config_values import Config, parsed, raw_text, with_values

BACKEND: Final = "backend"
"""The service of the API. The worker, the scheduled tasks and the release task run its image."""

_IMAGE: Final = f"{NAMESPACE}:image"
_SERVICES: Final = f"{NAMESPACE}:services"


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceImage:
    """The image of one service in a configuration."""

    service: str
    image: str | None
    keys: tuple[str, ...]
    """The configuration key, and the keys of the objects below it."""


def service_images(config: Config) -> dict[str, ServiceImage]:
    """Return the image of each service by name: `backend`, each entry of tierup:services, each version of an entry."""
    found = {BACKEND: ServiceImage(service=BACKEND, image=_text(config.get(_IMAGE)), keys=(_IMAGE,))}
    for name, entry in _services(config).items():
        own = _text(entry.get("image"))
        weights = cast("Mapping[str, Any]", entry.get("weights") or {"main": 1})
        images = cast("Mapping[str, Any]", entry.get("images") or {})
        for version in weights:
            service = name if version == "main" else f"{name}-{version}"
            keys = (_SERVICES, name, "image") if version == "main" else (_SERVICES, name, "images", version)
            found[service] = ServiceImage(service=service, image=_text(images.get(version)) or own, keys=keys)
    return found


def select(config: Config, service: str) -> ServiceImage:
    """Return the image of a service. Raises CommandError if the settings have no such service."""
    images = service_images(config)
    if service not in images:
        hint = " The worker runs the image of the backend." if service == "worker" else ""
        raise CommandError(
            f"--service: no service with its own image (got {service}).{hint} Allowed: {', '.join(images)}.",
            ExitCode.SETTINGS,
        )
    return images[service]


def changes_for(config: Config, images: Mapping[str, str | None]) -> dict[str, Any]:
    """Return path → value of the settings file's changes that give services other images. None removes the image."""
    changes: dict[str, Any] = {}
    known = service_images(config)
    text = isinstance(config.get(_SERVICES), str)
    entries: dict[str, Any] = json.loads(json.dumps(_services(config))) if text else {}
    for service, image in images.items():
        key, *rest = known[service].keys
        if rest and text:
            inner = entries
            for part in rest[:-1]:
                inner = inner.setdefault(part, {})
            inner[rest[-1]] = image
            changes[key] = json.dumps(entries)
        else:
            changes[".".join((key, *rest))] = image
    return changes


def pending_settings(config: Config, applied: Mapping[str, str]) -> list[str]:
    """Return the keys whose values differ from those of the last successful `up`, without secrets, sorted."""
    given, secret = raw_text(config)
    encrypted = {key for key, value in config.items() if '"secure":' in json.dumps(value)}
    left_out = {*secret, *encrypted, *(f"{NAMESPACE}:{key}" for key in SECRET_SETTINGS)}
    shown = {
        key: text
        for key, text in given.items()
        if (key.startswith(f"{NAMESPACE}:") or key == "aws:region") and key not in left_out
    }
    return sorted(
        key for key in {*shown, *applied} if key not in left_out and _value(shown.get(key)) != _value(applied.get(key))
    )


def platform_of(config: Config, service: str) -> str:
    """Return the platform of a service's image, as Docker names it."""
    entry: Mapping[str, Any] = {}
    if service == BACKEND:
        value = config.get(f"{NAMESPACE}:backend")
        entry = json.loads(value) if isinstance(value, str) else value or {}
    else:
        key = service_images(config)[service].keys[1]
        entry = _services(config).get(key, {})
    return "linux/amd64" if entry.get("architecture") == "X86_64" else "linux/arm64"


def applied_config(applied: Mapping[str, str]) -> dict[str, Any]:
    """Return the recorded settings of the last successful `up` as a configuration."""
    return {key: parsed(text) for key, text in applied.items()}


def with_images(config: Config, images: Mapping[str, str | None]) -> Config:
    """Return a configuration in which services have other images."""
    return with_values(config, changes_for(config, images))


def _services(config: Config) -> dict[str, Mapping[str, Any]]:
    value = config.get(_SERVICES)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    if not isinstance(value, dict):
        return {}
    return {
        name: cast("Mapping[str, Any]", entry)
        for name, entry in cast("dict[str, Any]", value).items()
        if isinstance(entry, dict)
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _value(text: str | None) -> Any:
    return None if text is None else parsed(text)
