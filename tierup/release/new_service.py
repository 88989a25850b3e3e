"""The settings of a further service, added to a stack's settings file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.preflight.stack_plan import read_config as program_config
from tierup.program_settings import NAMESPACE, RejectedSettingsError, parse_settings
from tierup.switch.config_values import Config, with_values

SERVICES: Final = f"{NAMESPACE}:services"

_FIRST_PRIORITY: Final = 100
_PRIORITY_STEP: Final = 10


def services_of(config: Config) -> dict[str, Any]:
    """Return tierup:services of a configuration, an object or its JSON text. Raises CommandError if it is neither."""
    value: Any = config.get(SERVICES) or {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, dict):
        raise CommandError(
            f"{SERVICES}: must be an object (got {config.get(SERVICES)!r}). Correct the settings file.",
            ExitCode.SETTINGS,
        )
    return cast("dict[str, Any]", value)


def free_priority(services: Mapping[str, Any]) -> int:
    """Return a listener priority after those of all services, with room between two."""
    used = [int(each["priority"]) for each in services.values() if isinstance(each, dict) and "priority" in each]
    last = max(used, default=_FIRST_PRIORITY - _PRIORITY_STEP)
    return max(_FIRST_PRIORITY, last - last % _PRIORITY_STEP + _PRIORITY_STEP)


def changes_to_add(config: Config, name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return path → value of the settings file's changes that add a service.

    A priority is chosen if `entry` has none. Raises CommandError if the service exists.
    """
    services = services_of(config)
    if name in services:
        raise CommandError(
            f"NAME: the stack has this service already (got {name}). Give another name, or change {SERVICES}.{name}.",
            ExitCode.SETTINGS,
        )
    added = dict(entry)
    if added.get("priority") is None:
        added["priority"] = free_priority(services)
    if isinstance(config.get(SERVICES), str):
        return {SERVICES: json.dumps({**services, name: added})}
    return {f"{SERVICES}.{name}": added}


def check_settings(project: Project, stack: str, changes: Mapping[str, Any]) -> None:
    """Validate the stack's settings with the changes, as its program does. Raises CommandError with all errors."""
    document = dict(project.settings(stack))
    document["config"] = with_values(document.get("config") or {}, changes)
    config, secret_keys = program_config(project.name, document)
    try:
        parse_settings(config, stack.rpartition("/")[2], secret_keys=secret_keys)
    except RejectedSettingsError as error:
        raise CommandError(str(error), ExitCode.SETTINGS) from error
