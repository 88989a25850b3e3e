"""What the commands share: their options, the way to a workspace, and how they fail.

Imports of more than typer happen inside the functions: `--help` and completion must be instant.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.deployment.failure import Failure
    from tierup.deployment.project import Project
    from tierup.deployment.workspace import Workspace

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack: Pulumi.<stack>.yaml holds its settings.")]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="Rehearse on this machine, with no account and no cost.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, progress on stderr.")]
Cwd = Annotated[Path | None, typer.Option("--cwd", "-C", help="The project's folder.", show_default="here")]
Traceback = Annotated[bool, typer.Option("--traceback", help="Show the program's whole traceback when it fails.")]


def open_workspace(project: Project, stack: str, console: Console, *, sandbox: bool, create: bool) -> Workspace:
    """For real, or rehearsed. `create`: a stack that does not stand yet is made. Raises Failure."""
    from tierup.deployment import accounts, rehearsal
    from tierup.deployment.failure import ExitCode, Failure
    from tierup.engine import EngineError, find_or_install

    # What needs no engine is refused before one is looked for, or built for minutes.
    project.settings(stack)
    try:
        engine = find_or_install(lambda line: console.print(line, highlight=False, markup=False))
    except EngineError as error:
        raise Failure(f"{error.problem} {error.remedy}", ExitCode.ENGINE) from error
    if not sandbox:
        return accounts.open_workspace(project, stack, engine)
    from tierup.sandbox import SandboxError, default_home, ensure_running

    home = default_home(project.folder)
    try:
        running = ensure_running(home)
    except SandboxError as error:
        raise Failure(f"The sandbox is not to be had: {error}", ExitCode.ENGINE) from error
    return rehearsal.open_workspace(project, stack, home, engine, running.debug_providers, create=create)


@contextmanager
def failing_well(*, as_json: bool) -> Generator[None]:
    """Every failure is one sentence on stderr (with --json a document on stdout) and an exit code, no traceback."""
    from tierup.deployment.failure import ExitCode, Failure, failure_of

    try:
        yield
    except Failure as failure:
        _fail(failure, as_json=as_json)
    except OSError as error:
        _fail(failure_of(error), as_json=as_json)
    except KeyboardInterrupt:
        _fail(Failure("Stopped as you asked.", ExitCode.INTERRUPTED), as_json=as_json)


def _fail(failure: Failure, *, as_json: bool) -> NoReturn:
    if as_json:
        document = {
            "result": failure.code.name.lower(),
            "exit_code": int(failure.code),
            "error": failure.sentence,
        }
        print(json.dumps(document, indent=2))
    typer.echo(failure.sentence, err=True)
    raise typer.Exit(int(failure.code))


def wrong(sentence: str) -> Failure:
    """Of options and settings, exit code 2."""
    from tierup.deployment.failure import ExitCode, Failure

    return Failure(sentence, ExitCode.SETTINGS)
