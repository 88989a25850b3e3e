"""The traffic of planned changes: they are applied to a copy of the sandbox, which is deleted afterwards.

A preview does not show the traffic, because the ids of planned resources are unknown.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tierup.deployment.operation import OperationOptions, run
from tierup.deployment.outcome import OperationOutcome
from tierup.deployment.sandbox_backend import environment, project_folder
from tierup.deployment.workspace import Workspace
from tierup.sandbox import cloud_path, ensure_running, stop


def with_planned_traffic(
    workspace: Workspace, outcome: OperationOutcome, options: OperationOptions, console: Console
) -> OperationOutcome:
    """Return the outcome of a preview with the traffic of an `up` in a copy of the sandbox, if it succeeds there."""
    console.print("Applying the changes to a copy of the sandbox to show the traffic …", highlight=False)
    with copy_of_sandbox(workspace) as copied:
        quiet = replace(options, policies=False, show_violations=False, expect_no_changes=False)
        applied = run(copied, "up", quiet, Console(file=io.StringIO()))
    if applied.code:
        console.print(f"The changes fail in the copy: {applied.error}", highlight=False, markup=False)
        return outcome
    return replace(outcome, traffic=applied.traffic)


@contextmanager
def copy_of_sandbox(workspace: Workspace) -> Generator[Workspace]:
    """Yield the workspace in a copy of its sandbox, with its own server."""
    assert workspace.home is not None
    with tempfile.TemporaryDirectory(prefix="tierup-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(
            workspace.home, home, ignore=shutil.ignore_patterns("cloud.db*", "server.*", "locks"), symlinks=True
        )
        _copy_database(cloud_path(workspace.home), cloud_path(home))
        try:
            running = ensure_running(home)
            yield replace(
                workspace,
                home=home,
                folder=project_folder(home, workspace.project),
                environment=environment(home, workspace.engine, running.debug_providers),
            )
        finally:
            stop(home)


def _copy_database(source: Path, target: Path) -> None:
    """Copy the sandbox's file consistently while its server runs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
        before.backup(after)
