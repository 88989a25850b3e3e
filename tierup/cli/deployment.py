"""`tierup up`, `preview`, `refresh` and `destroy`: the engine's operations, in the sandbox or on real accounts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.cli.confirmation import cancelled, check_terminal
from tierup.cli.errors import handle_errors
from tierup.cli.options import AllowFileBackend, AsJson, Cwd, Policies, Sandbox, Stack, Traceback, Wait, Yes
from tierup.cli.preflight import check_before_up
from tierup.cli.workspace import open_workspace

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.deployment.operation import OperationOptions
    from tierup.deployment.outcome import Operation
    from tierup.deployment.workspace import Workspace

Target = Annotated[
    list[str] | None,
    typer.Option("--target", "-t", metavar="URN", help="Only the resource with this URN; repeat for several."),
]
Parallel = Annotated[
    int | None, typer.Option("--parallel", "-p", min=1, help="The number of resources to process at a time.")
]
Diff = Annotated[bool, typer.Option("--diff", help="Show every changed property.")]
NoChanges = Annotated[bool, typer.Option("--expect-no-changes", help="Exit with code 7 if there are changes.")]
Adopt = Annotated[
    list[str] | None,
    typer.Option(
        "--adopt", metavar="URN=ID", help="On real accounts: a resource that a killed run has created, with its id."
    ),
]
SkipPreflight = Annotated[
    bool, typer.Option("--skip-preflight", help="On real accounts: deploy without the checks of `tierup preflight`.")
]
Forget = Annotated[
    list[str] | None,
    typer.Option("--forget", metavar="URN", help="On real accounts: a resource that a killed run has not created."),
]

AllowCdnChange = Annotated[
    bool,
    typer.Option(
        "--allow-cdn-change", help="Change the CDN of a deployed stack: the domain is already delegated to the new one."
    ),
]
Traffic = Annotated[
    bool,
    typer.Option(
        "--traffic", help="In the sandbox: apply the changes to a copy of the sandbox, and show the traffic meanwhile."
    ),
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
    skip_preflight: SkipPreflight = False,
    allow_file_backend: AllowFileBackend = False,
    allow_cdn_change: AllowCdnChange = False,
) -> None:
    """Create and update the resources of a stack. An interrupted run is recovered first."""
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
    _operate(
        "up",
        stack,
        options,
        sandbox=sandbox,
        yes=yes,
        as_json=as_json,
        cwd=cwd,
        preflight=not skip_preflight,
        allow_file_backend=allow_file_backend,
        allow_cdn_change=allow_cdn_change,
    )


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
    traffic: Traffic = False,
) -> None:
    """Show the changes that `up` would make."""
    from tierup.deployment.operation import OperationOptions

    options = OperationOptions(
        policies=policies,
        targets=target or (),
        parallel=parallel,
        diff=diff,
        expect_no_changes=expect_no_changes,
        traceback=traceback,
    )
    _operate("preview", stack, options, sandbox=sandbox, yes=True, as_json=as_json, cwd=cwd, planned_traffic=traffic)


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
    """Read all resources from the clouds, and update the state."""
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
    """Delete all resources of a stack. On real accounts you confirm with the stack's name."""
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
    preflight: bool = False,
    allow_file_backend: bool = False,
    allow_cdn_change: bool = False,
    planned_traffic: bool = False,
) -> None:
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.deployment import project as projects
        from tierup.deployment.operation import run
        from tierup.deployment.summary import as_document, print_summary

        # The console keeps the current stream: the program's output, which is redirected later, must not reach it.
        console = Console(file=sys.stderr if as_json else sys.stdout)
        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        workspace = open_workspace(project, stack, console, sandbox=sandbox, create=operation in ("up", "preview"))
        confirms = not workspace.in_sandbox and operation != "preview" and not yes
        if confirms:
            check_terminal(operation)
        if preflight and not workspace.in_sandbox:
            check_before_up(project, stack, console, allow_file_backend=allow_file_backend)
        if operation == "up":
            _check_settings(workspace, allow_cdn_change=allow_cdn_change)
        if confirms:
            _confirm(workspace, operation, options, console)
        outcome = run(workspace, operation, options, console)
        if planned_traffic and workspace.in_sandbox and not outcome.code:
            from tierup.deployment.planned_traffic import with_planned_traffic

            outcome = with_planned_traffic(workspace, outcome, options, console)
        if as_json:
            print(json.dumps(as_document(workspace, outcome), indent=2))
        else:
            print_summary(console, workspace, outcome)
        if outcome.code:
            raise typer.Exit(int(outcome.code))


def _check_settings(workspace: Workspace, *, allow_cdn_change: bool) -> None:
    """Raise CommandError for settings that an `up` of the deployed stack must not apply."""
    from tierup.deployment.cdn_change import check_cdn
    from tierup.deployment.stack_state import read_state
    from tierup.release.stale_images import check_images

    state = read_state(workspace)
    if not allow_cdn_change:
        check_cdn(workspace, state)
    check_images(workspace, state)


def _confirm(workspace: Workspace, operation: Operation, options: OperationOptions, console: Console) -> None:
    """Show the planned changes on real accounts, and continue only if the user confirms them.

    Raises CommandError if the user does not.
    """
    from dataclasses import replace

    from tierup.deployment.operation import run
    from tierup.deployment.summary import print_summary

    if operation == "up":
        plan = run(workspace, "preview", replace(options, adopt={}, forget=()), console)
        print_summary(console, workspace, plan)
        if plan.code:
            raise typer.Exit(int(plan.code))
        confirmed = typer.confirm(f"Apply these changes to the real accounts of stack '{workspace.stack}'?", err=True)
    elif operation == "destroy":
        typed = typer.prompt(
            f"All resources of stack '{workspace.stack}' will be deleted. Type the stack's name to confirm", err=True
        )
        confirmed = typed.strip() == workspace.stack
    else:
        confirmed = typer.confirm(f"Write drift into the state of stack '{workspace.stack}'?", err=True)
    if not confirmed:
        raise cancelled()


def _pairs(adopt: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in adopt:
        urn, equals, identity = each.partition("=")
        if not (equals and identity and urn.startswith("urn:pulumi:")):
            raise typer.BadParameter(f"--adopt: not a URN and an id (got {each!r}). Allowed: URN=ID.")
        pairs[urn] = identity
    return pairs
