"""`tierup review`: a stack for each pull request, which is destroyed when the pull request is closed or expires."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tierup.cli.confirmation import check_terminal
from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Sandbox, Yes
from tierup.cli.workspace import open_workspace

if TYPE_CHECKING:
    from tierup.ci.review_stacks import ReviewStack
    from tierup.deployment.project import Project

app = typer.Typer(
    name="review",
    help="Deploy and destroy stacks for pull requests. A review stack expires.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

PullRequest = Annotated[int, typer.Option("--pull-request", min=1, help="The number of the pull request.")]
Base = Annotated[str, typer.Option("--from", metavar="STACK", help="The stack whose settings the review stack gets.")]
MostUsd = Annotated[
    float, typer.Option("--max-usd", min=0, help="The highest fixed monthly cost of the stack, in USD.")
]
Hours = Annotated[float, typer.Option("--hours", min=0, help="The life of the stack, from each deployment on.")]


@app.command()
def up(
    pull_request: PullRequest,
    base: Base = "dev",
    max_usd: MostUsd = 200.0,
    hours: Hours = 72.0,
    sandbox: Sandbox = False,
    yes: Yes = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Deploy the review stack `pr-N`, or update it.

    Its site is pr-N and its API is api-pr-N, in the zone of the base stack. Nothing is deployed if the fixed monthly
    cost is above the limit (exit code 2).
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.ci import review_stacks as reviews
        from tierup.cli.deployment import up as deploy
        from tierup.deployment.errors import CommandError

        console = Console(file=sys.stderr)
        project = _project(cwd)
        if not (sandbox or yes):
            check_terminal("review up")
        name, settings = _write_settings(project, base, pull_request)
        try:
            usd = reviews.check_cost(project, name, Decimal(str(max_usd)))
            workspace = open_workspace(project, name, console, sandbox=sandbox, create=True)
        except CommandError:
            project.settings_file(name).unlink(missing_ok=True)
            raise
        console.print(f"Stack {name}: fixed monthly cost {usd:,.2f} USD", highlight=False)
        reviews.create_if_missing(workspace, settings)
        # Before the deployment, so that the sweep finds the stack of a run that was killed.
        reviews.set_expiry(workspace, datetime.now(UTC) + timedelta(hours=hours))
    deploy(stack=name, sandbox=sandbox, yes=yes, as_json=as_json, cwd=cwd)


@app.command()
def destroy(
    pull_request: PullRequest,
    base: Base = "dev",
    sandbox: Sandbox = False,
    yes: Yes = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Destroy the review stack of a pull request, and remove its state."""
    with handle_errors(as_json=as_json):
        project = _project(cwd)
        if not (sandbox or yes):
            check_terminal("review destroy")
        found = _find(project, base, sandbox=sandbox)
        if not any(each.pull_request == pull_request for each in found):
            _print({"destroyed": []}, f"Pull request {pull_request} has no review stack.", as_json=as_json)
            return
        name = _destroy(project, base, pull_request, sandbox=sandbox, yes=yes)
        _print({"destroyed": [name]}, f"Removed stack {name}.", as_json=as_json)


@app.command()
def sweep(
    base: Base = "dev",
    sandbox: Sandbox = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the stacks without destroying them.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Destroy review stacks that have expired. With GITHUB_TOKEN, also those whose pull request is closed.

    One stack after the other; a stack that cannot be destroyed does not stop the others, and the exit code is then 1.
    """
    with handle_errors(as_json=as_json):
        from tierup.deployment.errors import CommandError

        project = _project(cwd)
        if not (sandbox or yes or dry_run):
            check_terminal("review sweep")
        now = datetime.now(UTC)
        found = _find(project, base, sandbox=sandbox)
        ended = [each for each in found if each.is_expired(now) or is_closed(each.pull_request)]
        destroyed: list[str] = []
        failed: list[str] = []
        for each in ended if not dry_run else ():
            try:
                destroyed.append(_destroy(project, base, each.pull_request, sandbox=sandbox, yes=yes))
            except (typer.Exit, CommandError):
                failed.append(each.name)
        document = {
            "ended": [each.name for each in ended],
            "kept": [each.name for each in found if each not in ended],
            "destroyed": destroyed,
            "failed": failed,
        }
        text = "\n".join(f"{word}: {', '.join(names) or 'none'}" for word, names in document.items())
        _print(document, text, as_json=as_json)
        if failed:
            raise typer.Exit(1)


def _project(cwd: Path | None) -> Project:
    from tierup.deployment import project as projects

    return projects.find(cwd or Path.cwd())


def _write_settings(project: Project, base: str, pull_request: int) -> tuple[str, dict[str, Any]]:
    """Write the settings file of a review stack, and return its name and content. Raises CommandError."""
    import yaml

    from tierup.ci.review_stacks import review_name, review_settings

    name = review_name(pull_request)
    settings = review_settings(project.settings(base), pull_request)
    project.settings_file(name).write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return name, settings


def _find(project: Project, base: str, *, sandbox: bool) -> list[ReviewStack]:
    from rich.console import Console

    from tierup.ci.review_stacks import review_stacks

    return list(review_stacks(open_workspace(project, base, Console(file=sys.stderr), sandbox=sandbox, create=True)))


def _destroy(project: Project, base: str, pull_request: int, *, sandbox: bool, yes: bool) -> str:
    """Destroy a review stack, and return its name. Raises CommandError, or typer.Exit after an error was shown."""
    from rich.console import Console

    from tierup.ci.review_stacks import remove
    from tierup.deployment.errors import CommandError
    from tierup.deployment.operation import OperationOptions, run

    console = Console(file=sys.stderr)
    name, _ = _write_settings(project, base, pull_request)
    workspace = open_workspace(project, name, console, sandbox=sandbox, create=False)
    if not (sandbox or yes):
        typer.confirm(f"Delete all resources of stack '{name}'?", abort=True, err=True)
    outcome = run(workspace, "destroy", OperationOptions(), console)
    if outcome.code:
        raise CommandError(outcome.error, outcome.code)
    remove(workspace)
    project.settings_file(name).unlink(missing_ok=True)
    return name


def is_closed(pull_request: int) -> bool:
    """Return whether GitHub reports a pull request as closed; False without a token."""
    if not os.environ.get("GITHUB_TOKEN"):
        return False
    from tierup.ci.github import open_repository

    return not open_repository(None, "github-actions[bot]").pull_request_is_open(pull_request)


def _print(document: dict[str, Any], text: str, *, as_json: bool) -> None:
    print(json.dumps(document, indent=2) if as_json else text)
