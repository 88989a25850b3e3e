"""The `tierup` command: all that it can be asked for, a file `…_cli.py` for what has more than a page of code.

Imports of more than typer happen inside the commands: `--help` and completion must be instant.
"""

from __future__ import annotations

import json
import os
import sys
import traceback as traceback_module
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.check_cli import check, explain
from tierup.command_line import AsJson, Cwd, Stack, failing_well, open_workspace
from tierup.cost_cli import cost
from tierup.deployment_cli import destroy, preview, refresh, up
from tierup.operations.indexes_cli import indexes

if TYPE_CHECKING:
    from tierup.engine.doctor import DoctorFinding

_EXIT_CODES = """Exit codes: 0 done; 1 the engine or a cloud refused something; 2 wrong options, settings, project or
stack; 3 a mandatory policy is broken; 4 no engine or no sandbox; 5 no credentials; 6 the stack is locked by another
run; 7 changes where --expect-no-changes allows none; 130 interrupted."""

app = typer.Typer(
    name="tierup",
    help="One Pulumi program for the whole architecture: rehearse it on this machine, then run it for real.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for each in (up, preview, refresh, destroy, check, explain):
    app.command()(each)


@app.command()
def doctor(as_json: AsJson = False, cwd: Cwd = None) -> None:
    """Say what this machine has and lacks: engine, language host, credentials, backend."""
    with failing_well(as_json=as_json):
        from dataclasses import asdict

        from tierup.engine.doctor import Needed, Status, diagnose

        findings = diagnose((cwd or Path.cwd()).absolute())
        if as_json:
            print(json.dumps([asdict(each) for each in findings], indent=2))
        else:
            _print_findings(findings)
        if any(each.status == Status.MISSING and each.needed == Needed.ALWAYS for each in findings):
            raise typer.Exit(4)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
def sandbox(context: typer.Context) -> None:
    """The rehearsal cloud: start, stop, status, env, ls, show, rm, edit, reset, faults, coverage."""
    with failing_well(as_json=False):
        from tierup.sandbox.cli import app as sandbox_app

        _name_the_home()
        # The rest of them work on the sandbox alone; this one needs the engine and the project too.
        sandbox_app.command("env")(sandbox_env)
        sandbox_app(context.args or ["--help"], prog_name="tierup sandbox")


@app.command("benchmark")
def _benchmark(
    as_json: AsJson = False,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Runs of each; the medians are compared.")] = 5,
    policies: Annotated[
        bool, typer.Option("--policies", help="Instead: what the policies add to a preview (at most a fifth).")
    ] = False,
    cwd: Cwd = None,
) -> None:
    """Compare a warm rehearsal with what the engine takes for as many bare resources (at most 1.5 times), and print how
    fast the sandbox is: milliseconds of its start, operations a second."""
    with failing_well(as_json=as_json):
        from rich.console import Console

        from tierup import benchmark, policy_benchmark
        from tierup.deployment.project import find

        console = Console(stderr=True)
        measure = policy_benchmark.run if policies else benchmark.run
        result = measure(find(cwd or Path.cwd()), runs=runs, say=lambda line: console.print(line, highlight=False))
        print(json.dumps(result.as_document(), indent=2) if as_json else result.as_text())
        if not result.passes:
            raise typer.Exit(1)


for each in (cost, indexes):
    app.command()(each)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"tierup {installed('tierup')}")
        raise typer.Exit


def _name_the_home() -> None:
    """From any folder of a checkout, mean the sandbox that `up --sandbox` means there."""
    from tierup.deployment import project as projects
    from tierup.deployment.failure import Failure
    from tierup.sandbox import default_home

    with suppress(Failure):
        os.environ["TIERUP_HOME"] = str(default_home(projects.find(Path.cwd()).folder))


def sandbox_env(
    stack: Stack = "dev",
    cwd: Cwd = None,
) -> None:
    """Print what a shell needs for a plain `pulumi up` in the sandbox: eval "$(tierup sandbox env)"."""
    with failing_well(as_json=False):
        import shlex

        from rich.console import Console

        from tierup.deployment import project as projects

        projects.check_stack_name(stack)
        workspace = open_workspace(
            projects.find(cwd or Path.cwd()), stack, Console(file=sys.stderr), sandbox=True, create=True
        )
        for name in sorted(os.environ.keys() - workspace.environment.keys()):
            print(f"unset {name}")
        for name, value in sorted(workspace.environment.items()):
            if os.environ.get(name) != value:
                print(f"export {name}={shlex.quote(value)}")


def _print_findings(findings: list[DoctorFinding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    styles = {"ok": "green", "missing": "red", "warning": "yellow"}
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for no_wrap in (True, True, False):
        table.add_column(no_wrap=no_wrap, overflow="fold")
    for each in findings:
        style = styles[each.status]
        needed = "" if each.needed == "always" else f" [dim](for a {each.needed})[/dim]"
        todo = f"\n[bold]→[/bold] {escape(each.what_to_do)}" if each.what_to_do else ""
        table.add_row(f"[{style}]{each.status}[/{style}]", escape(each.name), f"{escape(each.found)}{needed}{todo}")
    Console().print(table)


def main() -> None:
    """The console script. Ends at once: threads of a program that failed may wait for an engine that is gone."""
    code = 0
    try:
        app()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
        if isinstance(leaving.code, str):
            print(leaving.code, file=sys.stderr)
    except BaseException:
        traceback_module.print_exc()
        code = 1
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
