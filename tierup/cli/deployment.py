"""`tierup up`, `preview`, `refresh` and `destroy`: the engine's own operations, in the sandbox or for real."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Sandbox, Stack, Traceback
from tierup.cli.workspace import open_workspace

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.deployment.operation import OperationOptions
    from tierup.deployment.outcome import Operation
    from tierup.deployment.workspace import Workspace

Policies = Annotated[bool, typer.Option("--policies/--no-policies", help="Apply the project's policy pack.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask, on real accounts. A rehearsal never asks.")]
Target = Annotated[list[str] | None, typer.Option("--target", "-t", help="Only this URN; repeat for several.")]
Parallel = Annotated[int | None, typer.Option("--parallel", "-p", min=1, help="Resources at a time.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show each property that changes.")]
NoChanges = Annotated[bool, typer.Option("--expect-no-changes", help="Fail (exit code 7) when anything changes.")]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait for another run on the stack.")]
Adopt = Annotated[
    list[str] | None,
    typer.Option("--adopt", metavar="URN=ID", help="What a killed run had created, on real accounts."),
]
Forget = Annotated[
    list[str] | None, typer.Option("--forget", metavar="URN", help="What a killed run had not yet created.")
]


def up(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    policies: Policies = True,
    yes: Yes = False,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    diff: Diff = False,
    expect_no_changes: NoChanges = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
    wait: Wait = 0.0,
    adopt: Adopt = None,
    forget: Forget = None,
) -> None:
    """Create or change what the program asks for. Takes over first what an interrupted run left."""
    from tierup.deployment.operation import OperationOptions

    options = OperationOptions(
        policies=policies,
        targets=target or (),
        parallel=parallel,
        diff=diff,
        expect_no_changes=expect_no_changes,
        traceback=traceback,
        wait_seconds=wait,
        adopt=_pairs(adopt or []),
        forget=forget or (),
    )
    _operate("up", stack, options, sandbox=sandbox, yes=yes, as_json=as_json, cwd=cwd)


def preview(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    policies: Policies = True,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    diff: Diff = False,
    expect_no_changes: NoChanges = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
) -> None:
    """Show what `up` would do, and change nothing."""
    from tierup.deployment.operation import OperationOptions

    options = OperationOptions(
        policies=policies,
        targets=target or (),
        parallel=parallel,
        diff=diff,
        expect_no_changes=expect_no_changes,
        traceback=traceback,
    )
    _operate("preview", stack, options, sandbox=sandbox, yes=True, as_json=as_json, cwd=cwd)


def refresh(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    yes: Yes = False,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    diff: Diff = False,
    expect_no_changes: NoChanges = False,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Read everything from the clouds again, and write what has drifted into the state."""
    from tierup.deployment.operation import OperationOptions

    options = OperationOptions(
        targets=target or (), parallel=parallel, diff=diff, expect_no_changes=expect_no_changes, wait_seconds=wait
    )
    _operate("refresh", stack, options, sandbox=sandbox, yes=yes, as_json=as_json, cwd=cwd)


def destroy(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    yes: Yes = False,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Delete all that the stack has made. On real accounts the stack's name has to be typed."""
    from tierup.deployment.operation import OperationOptions

    options = OperationOptions(targets=target or (), parallel=parallel, wait_seconds=wait)
    _operate("destroy", stack, options, sandbox=sandbox, yes=yes, as_json=as_json, cwd=cwd)


def _operate(
    operation: Operation,
    stack: str,
    options: OperationOptions,
    *,
    sandbox: bool,
    yes: bool,
    as_json: bool,
    cwd: Path | None,
) -> None:
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.deployment import project as projects
        from tierup.deployment.operation import run
        from tierup.deployment.summary import as_document, print_summary

        # The files are fixed now: the program's own printing must not come between.
        console = Console(file=sys.stderr if as_json else sys.stdout)
        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        workspace = open_workspace(project, stack, console, sandbox=sandbox, create=operation in ("up", "preview"))
        if not workspace.in_sandbox and operation != "preview" and not yes:
            _agree(workspace, operation, options, console)
        outcome = run(workspace, operation, options, console)
        if as_json:
            print(json.dumps(as_document(workspace, outcome), indent=2))
        else:
            print_summary(console, workspace, outcome)
        if outcome.code:
            raise typer.Exit(int(outcome.code))


def _agree(workspace: Workspace, operation: Operation, options: OperationOptions, console: Console) -> None:
    """Show what would happen on the real accounts, and go on only when the user says so."""
    from dataclasses import replace

    from tierup.deployment.errors import CommandError, ExitCode
    from tierup.deployment.operation import run
    from tierup.deployment.summary import print_summary

    if not sys.stdin.isatty():
        raise CommandError(
            f"`tierup {operation}` on real accounts asks before it changes them, and there is no terminal to ask on: "
            "add --yes, or --sandbox to rehearse.",
            ExitCode.SETTINGS,
        )
    if operation == "up":
        plan = run(workspace, "preview", replace(options, adopt={}, forget=()), console)
        print_summary(console, workspace, plan)
        if plan.code:
            raise typer.Exit(int(plan.code))
        agreed = typer.confirm(f"Do this on the real accounts of stack '{workspace.stack}'?", err=True)
    elif operation == "destroy":
        typed = typer.prompt(f"All of stack '{workspace.stack}' will be deleted. Type its name to go on", err=True)
        agreed = typed.strip() == workspace.stack
    else:
        agreed = typer.confirm(f"Write what has drifted into the state of stack '{workspace.stack}'?", err=True)
    if not agreed:
        raise CommandError("Not agreed to; nothing was changed.", ExitCode.INTERRUPTED)


def _pairs(adopt: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in adopt:
        urn, equals, identity = each.partition("=")
        if not (equals and identity and urn.startswith("urn:pulumi:")):
            raise typer.BadParameter(f"--adopt takes URN=ID, got {each!r}")
        pairs[urn] = identity
    return pairs
