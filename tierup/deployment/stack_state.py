"""The state of a stack, in the sandbox and on real accounts."""

from __future__ import annotations

import json

from tierup.deployment import checkpoint
from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.sandbox_backend import state_folder
from tierup.deployment.workspace import Workspace


def read_state(workspace: Workspace) -> Checkpoint:
    """Return the state of a stack; an empty one if nothing was deployed. Secrets are encrypted. Raises CommandError."""
    if workspace.home is not None:
        return checkpoint.read(state_folder(workspace.home), workspace.project.name, workspace.stack)
    exported = json.loads(run_engine_command(workspace, ["stack", "export", "--stack", workspace.stack]))
    return checkpoint.checkpoint_of(exported.get("deployment") or {})
