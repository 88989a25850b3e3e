"""The tags of a stack, which every backend of Pulumi stores beside the state.

Pulumi Cloud limits the value of a tag to 256 characters and its name to 40 (pkg/util/validation/stack.go of v3.259.0,
read 2026-11-28).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.sandbox_backend import kept_tags
from tierup.deployment.workspace import Workspace

LONGEST_VALUE: Final = 256
"""The longest value of a tag that Pulumi Cloud accepts."""


def read_tags(workspace: Workspace) -> dict[str, str]:
    """Return the tags of a stack. Raises CommandError."""
    printed = run_engine_command(workspace, ["stack", "tag", "ls", "--json", "--stack", workspace.stack])
    return {str(name): str(value) for name, value in (json.loads(printed or "{}") or {}).items()}


def set_tag(workspace: Workspace, name: str, value: str) -> None:
    """Set a tag of a stack. Raises CommandError."""
    _change_tags(workspace, ["set", name, value])


def remove_tag(workspace: Workspace, name: str) -> None:
    """Remove a tag of a stack. Raises CommandError."""
    _change_tags(workspace, ["rm", name])


def _change_tags(workspace: Workspace, arguments: Sequence[str]) -> None:
    with kept_tags(workspace):
        run_engine_command(workspace, ["stack", "tag", *arguments, "--stack", workspace.stack])
