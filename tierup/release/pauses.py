"""The services that `tierup pause` has stopped, with their number of tasks before, in a tag of the stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.stack_tags import LONGEST_VALUE, remove_tag, set_tag
from tierup.deployment.workspace import Workspace

PAUSED: Final = "tierup:paused"
"""The name of the tag."""


def decode(tags: Mapping[str, str]) -> dict[str, int]:
    """Return service → number of tasks before the pause; empty if none is paused or the tag is not valid."""
    try:
        found = json.loads(tags.get(PAUSED, "{}"))
        return {str(name): int(count) for name, count in found.items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def encode(paused: Mapping[str, int]) -> str:
    """Return the value of the tag. Raises CommandError if the backend does not accept its length."""
    value = json.dumps(dict(paused), separators=(",", ":"))
    if len(value) > LONGEST_VALUE:
        raise CommandError(
            f"--service: too many services to pause at once (got {len(paused)}). Pause fewer of them with --service.",
            ExitCode.SETTINGS,
        )
    return value


def write(workspace: Workspace, paused: Mapping[str, int]) -> None:
    """Write the paused services into the stack's tag, or remove the tag if there are none. Raises CommandError."""
    if paused:
        set_tag(workspace, PAUSED, encode(paused))
    else:
        remove_tag(workspace, PAUSED)
