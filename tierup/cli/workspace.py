"""Opens a stack's workspace for a command: finds the engine, and starts the sandbox where the command runs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.deployment.project import Project
    from tierup.deployment.workspace import Workspace


def open_workspace(project: Project, stack: str, console: Console, *, sandbox: bool, create: bool) -> Workspace:
    """Return the workspace of a stack in the sandbox or on real accounts.

    `create` makes a sandbox stack that does not exist yet. Raises CommandError.
    """
    from tierup.deployment import accounts, sandbox_backend
    from tierup.deployment.errors import CommandError, ExitCode
    from tierup.engine import EngineError, find_or_install

    # Wrong settings are reported before an engine is looked for, which may take minutes to build.
    project.settings(stack)
    try:
        engine = find_or_install(lambda line: console.print(line, highlight=False, markup=False))
    except EngineError as error:
        raise CommandError(f"{error.problem} {error.remedy}", ExitCode.ENGINE) from error
    if not sandbox:
        return accounts.open_workspace(project, stack, engine)
    from tierup.sandbox import SandboxError, default_home, ensure_running

    home = default_home(project.folder)
    try:
        running = ensure_running(home)
    except SandboxError as error:
        raise CommandError(f"Could not start the sandbox: {error}", ExitCode.ENGINE) from error
    return sandbox_backend.open_workspace(project, stack, home, engine, running.debug_providers, create=create)
