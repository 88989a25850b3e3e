"""`tierup failover`: moves the data role and the traffic of a stack to another of its regions."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Sandbox, Stack, Yes
from tierup.cli.switch import DryRun

if TYPE_CHECKING:
    from tierup.deployment.workspace import Workspace
    from tierup.failover.failover import FailoverResult, Step
    from tierup.failover.roles import Roles
    from tierup.failover.stack_regions import StackRegions


def failover(
    to: Annotated[str, typer.Option("--to", metavar="REGION", help="The region that takes over.")],
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Move the data role and the traffic of a stack between regions.

    The workers of the other regions stop, the cache of the region becomes the primary, the database prefers the region,
    the DNS weights move, and the workers of the region start. Steps that are already done are skipped, so the same
    command continues after an interruption. With `--sandbox` it changes the sandbox's resources, and ends with the
    seconds of each interruption on the real clouds, as the traffic model estimates them. It sets `tierup:activeRegion`
    in the settings file. Exit codes: 0 success; 1 a cloud reported an error; 2 wrong options or settings; 5 no
    credentials; 130 cancelled.
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.cli.confirmation import cancelled, check_terminal
        from tierup.cli.workspace import open_workspace
        from tierup.deployment import project as projects
        from tierup.deployment.errors import CommandError
        from tierup.failover.failover import plan_steps, run_steps, verify
        from tierup.failover.stack_regions import read_regions
        from tierup.site.target import stack_outputs
        from tierup.switch.settings_file import change_config

        if not (yes or dry_run or sandbox):
            check_terminal("failover", alternative="--dry-run to show the steps")
        console = Console(file=sys.stderr if as_json else sys.stdout)

        def line(text: str) -> None:
            console.print(text, highlight=False, markup=False, soft_wrap=True)

        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        workspace = open_workspace(project, stack, console, sandbox=sandbox, create=False)
        regions = read_regions(stack_outputs(workspace), stack)
        regions.member(to)
        with _open_roles(workspace, regions, to) as (roles, end_run):
            steps = plan_steps(regions, roles, to)
            if dry_run:
                for step in steps:
                    line(f"{_state(step)}  {step.text}")
                _report(as_json, to, steps, None, dry_run=True)
                return
            if not (yes or sandbox):
                for step in steps:
                    line(step.text)
                if not typer.confirm(f"Fail over to {to}?", err=as_json):
                    raise cancelled()
            result = run_steps(steps, line)
            missing = verify(steps)
            change_config(project.settings_file(stack), {"tierup:activeRegion": None if to == regions.home else to})
            if missing:
                raise CommandError(
                    f"failover: not every change is visible (got {', '.join(missing)} without a result). Run the "
                    "command again."
                )
            for text in end_run(result):
                line(text)
            if result.read_only_seconds is not None:
                line(f"The caches accepted no writes of the old region's tasks for {result.read_only_seconds:g} s.")
            option = " --sandbox" if sandbox else ""
            line(
                f"{to} serves. Run `tierup up --stack {stack}{option}` when all regions can be reached, and commit the "
                "settings."
            )
            _report(as_json, to, steps, result, dry_run=False)


EndRun = Callable[["FailoverResult"], Iterable[str]]
"""Ends the record of a failover, and returns the lines that end its output."""


@contextmanager
def _open_roles(workspace: Workspace, regions: StackRegions, to: str) -> Generator[tuple[Roles, EndRun]]:
    """Yield what the failover changes: on the real clouds, or in the sandbox of the workspace."""
    if workspace.home is None:
        from tierup.failover.open_roles import open_roles
        from tierup.preflight.stack_plan import read_plan

        yield open_roles(regions, read_plan(workspace.project, workspace.stack), to), lambda _: ()
        return
    from tierup.deployment.traffic import stack_urn
    from tierup.failover.sandbox_result import failover_lines, read_only_seconds
    from tierup.failover.sandbox_roles import SandboxFailover, in_order
    from tierup.sandbox import cloud_path
    from tierup.sandbox.cloud import Cloud
    from tierup.sandbox.traffic import replay

    with closing(Cloud(cloud_path(workspace.home))) as cloud:
        run = cloud.begin_run(f"failover to {to} of stack {workspace.stack}")

        def end_run(result: FailoverResult) -> Iterable[str]:
            cloud.set_dependencies(run, dict(in_order(cloud, run)))
            timeline = replay(cloud, stack=stack_urn(workspace), run_id=run)
            if timeline is None or not result.done:
                return ()
            result.read_only_seconds = read_only_seconds(timeline)
            return failover_lines(timeline)

        yield SandboxFailover(cloud, regions).roles(), end_run


def _state(step: Step) -> str:
    """Return whether a step is done; a step that cannot be known is not."""
    from tierup.failover.failover import is_done

    return "done" if is_done(step) else "todo"


def _report(as_json: bool, to: str, steps: list[Step], result: FailoverResult | None, *, dry_run: bool) -> None:
    if not as_json:
        return
    from tierup.failover.failover import is_done

    document = {
        "to": to,
        "dry_run": dry_run,
        "steps": [{"name": each.name, "text": each.text, "done": is_done(each)} for each in steps],
        **(
            {
                "changed": result.done,
                "failed": result.failed,
                "read_only_seconds": result.read_only_seconds,
            }
            if result is not None
            else {}
        ),
    }
    print(json.dumps(document, indent=2))
