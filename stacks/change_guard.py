"""The guard of an existing stack: rejects an `up` whose change takes several steps, before anything is changed.

A policy cannot see a stack's earlier state, so the program compares its settings with those of the last successful
`up`, which are the stack output `applied_settings`. It reads them from the state through the engine's own function
readStackOutputs (pkg/resource/deploy/builtins.go of Pulumi v3.259.0, read 2026-11-28).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

import pulumi

from stacks.config.errors import InvalidConfigError
from stacks.config.model import NAMESPACE, Settings
from stacks.config.reading import applied, raw_config
from stacks.config.secrets import SECRETS
from stacks.config.transitions import transition_errors

APPLIED_SETTINGS: Final = "applied_settings"
"""The stack output with the settings of the last successful `up`, as JSON, without secrets."""


def applied_settings() -> str:
    """Return the configuration of this run for the output APPLIED_SETTINGS."""
    given, secret_keys = raw_config()
    secret = {*secret_keys, *(f"{NAMESPACE}:{key}" for key in SECRETS)}
    shown = {
        key: text
        for key, text in sorted(given.items())
        if (key.startswith(f"{NAMESPACE}:") or key == "aws:region") and key not in secret
    }
    return json.dumps(shown)


def check_change(settings: Settings) -> None:
    """Compare the settings with those of the last successful `up`.

    Raises InvalidConfigError with the rules that the change breaks. tierup:allowDirectChanges switches the check off.
    """
    if settings.allow_direct_changes:
        return
    before = settings_before(_earlier_outputs().get(APPLIED_SETTINGS))
    if before is None:
        return
    errors = list(transition_errors(before, settings, command=f"tierup switch --stack {pulumi.get_stack()}"))
    if errors:
        raise InvalidConfigError(pulumi.get_stack(), errors)


def settings_before(recorded: object) -> Settings | None:
    """Return the recorded settings, or None if there are none or this version of the program does not accept them."""
    if not isinstance(recorded, str):
        return None
    try:
        return applied(cast("Mapping[str, str]", json.loads(recorded)), stack=pulumi.get_stack())
    except (ValueError, AttributeError):
        return None


def _earlier_outputs() -> Mapping[str, Any]:
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    found = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": name}).value
    return (found or {}).get("outputs") or {}
