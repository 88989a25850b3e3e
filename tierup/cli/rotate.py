"""`tierup rotate`: replaces a credential of a stack in steps that interrupt no client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Policies, Sandbox, Stack, Wait, Yes
from tierup.cli.switch import DryRun, switch

if TYPE_CHECKING:
    from tierup.program_settings import Settings

_STEPS: Final = 3  # stacks/config/groups.py, ROTATION_STEPS

app = typer.Typer(
    help="Replace a credential of a stack without an interruption.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command()
def database(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    policies: Policies = True,
    as_json: AsJson = False,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Replace the user and the password with which the application connects to the database.

    Atlas gets a second user, the tasks are deployed with it, and the first user is deleted. The steps are those of
    `tierup switch`: a rotation that was stopped continues with `tierup switch --resume`.
    """
    _rotate("database", stack, sandbox, dry_run, yes, policies, as_json, cwd, wait)


@app.command()
def cache(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    policies: Policies = True,
    as_json: AsJson = False,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Replace the token of the cache, or the password of its user.

    The cache accepts a second token or password, the tasks are deployed with it, and the first one is removed. The
    steps are those of `tierup switch`: a rotation that was stopped continues with `tierup switch --resume`.
    """
    _rotate("cache", stack, sandbox, dry_run, yes, policies, as_json, cwd, wait)


@app.command()
def origin_key(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    policies: Policies = True,
    as_json: AsJson = False,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Replace the key that the CDN sends to the load balancer.

    The load balancer accepts a second key, the CDN sends it, and the first one is removed. The steps are those of
    `tierup switch`: a rotation that was stopped continues with `tierup switch --resume`.
    """
    _rotate("originKey", stack, sandbox, dry_run, yes, policies, as_json, cwd, wait)


def _rotate(
    credential: str,
    stack: str,
    sandbox: bool,
    dry_run: bool,
    yes: bool,
    policies: bool,
    as_json: bool,
    cwd: Path | None,
    wait: float,
) -> None:
    with handle_errors(as_json=as_json):
        steps = _steps_after(credential, stack, cwd)
    switch(
        stack=stack,
        sandbox=sandbox,
        settings=[f"rotation.{credential}={steps}"],
        dry_run=dry_run,
        yes=yes,
        policies=policies,
        as_json=as_json,
        cwd=cwd,
        wait=wait,
    )


def _steps_after(credential: str, stack: str, cwd: Path | None) -> int:
    """Return the number of steps after the rotation. A rotation that was stopped is completed, and no other one begins.

    Raises CommandError if the stack does not have the credential, or another change is in progress.
    """
    from tierup.deployment import project as projects
    from tierup.program_settings import RejectedSettingsError
    from tierup.switch.planner import settings_of
    from tierup.switch.settings_file import read_config

    projects.check_stack_name(stack)
    project = projects.find(cwd or Path.cwd())
    try:
        settings = settings_of(read_config(project, stack), stack)
    except RejectedSettingsError as error:
        raise usage_error(str(error)) from error
    missing = missing_credential(settings, credential)
    if missing:
        raise usage_error(f"--stack: the stack {missing} (got {stack}). Rotate another credential.")
    done: int = settings.rotation.model_dump(by_alias=True)[credential]
    return (done // _STEPS + 1) * _STEPS


def missing_credential(settings: Settings, credential: str) -> str:
    """Return why a stack does not have a credential, or "" if it does."""
    from tierup.program_settings import Feature, features

    has = features(settings.phase)
    if credential == "database" and settings.database_auth.value == "iam-only":
        return "has no database user with a password"
    if credential == "cache" and Feature.CACHE not in has:
        return "has no cache"
    if credential == "cache" and settings.cache_auth.value == "migrating":
        return "changes the authentication of its cache; finish that first"
    if credential == "originKey" and Feature.API_BEHIND_CDN not in has:
        return "has no API behind the CDN"
    return ""
