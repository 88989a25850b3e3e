"""The `tierup` command, put together from its groups of commands."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from typing import Annotated

import typer

from tierup.cli.add import app as add_app
from tierup.cli.advise import advise
from tierup.cli.bootstrap import bootstrap
from tierup.cli.capacity import capacity
from tierup.cli.check import check, explain
from tierup.cli.cost import cost
from tierup.cli.deployment import destroy, preview, refresh, up
from tierup.cli.doctor import doctor
from tierup.cli.drift import drift
from tierup.cli.errors import handle_errors
from tierup.cli.failover import failover
from tierup.cli.github import app as github_app
from tierup.cli.imports import app as imports_app
from tierup.cli.indexes import indexes
from tierup.cli.init import init
from tierup.cli.preflight import preflight
from tierup.cli.release import deploy, releases, rollback
from tierup.cli.report import report
from tierup.cli.restore import app as restore_app
from tierup.cli.review import app as review_app
from tierup.cli.rotate import app as rotate_app
from tierup.cli.services import connect, exec_, logs, pause, restart, resume, run, status
from tierup.cli.site import app as site_app
from tierup.cli.switch import switch

_EXIT_CODES = """Exit codes: 0 success; 1 the engine or a cloud reported an error; 2 wrong options, settings, project or
stack; 3 a mandatory policy is violated; 4 no engine or no sandbox; 5 no credentials; 6 the stack is locked by another
run; 7 changes where --expect-no-changes or a release allows none, or drift; 8 a preflight check failed; 130
interrupted."""

app = typer.Typer(
    name="tierup",
    help="Deploy and operate a production architecture with Pulumi, in a local sandbox or on real accounts.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    init,
    bootstrap,
    preflight,
    up,
    preview,
    refresh,
    destroy,
    switch,
    failover,
    deploy,
    rollback,
    releases,
    status,
    logs,
    run,
    restart,
    pause,
    resume,
    connect,
    check,
    explain,
    cost,
    drift,
    report,
    capacity,
    advise,
    indexes,
    doctor,
):
    app.command()(command)
app.add_typer(github_app)
app.add_typer(review_app)
app.add_typer(site_app, name="site")
app.add_typer(imports_app)
app.command("exec")(exec_)
app.add_typer(add_app, name="add")
app.add_typer(rotate_app, name="rotate")
app.add_typer(restore_app, name="restore")


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
def sandbox(context: typer.Context) -> None:
    """Manage the sandbox, its resources, faults, quotas and traffic."""
    with handle_errors(as_json=False):
        # Its commands import the sandbox, which `tierup --help` does not need.
        from tierup.cli.sandbox import app as sandbox_app

        sandbox_app(context.args or ["--help"], prog_name="tierup sandbox")


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"tierup {installed('tierup')}")
        raise typer.Exit


def main() -> None:
    """Run the console script.

    It ends the process at once: threads of a program that failed may wait for an engine that no longer runs.
    """
    code = 0
    try:
        app()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
        if isinstance(leaving.code, str):
            print(leaving.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
