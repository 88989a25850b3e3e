"""`tierup bootstrap`: creates what an AWS account needs before Pulumi can deploy to it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tierup.cli.confirmation import cancelled, check_terminal
from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Stack

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.account_bootstrap.plan import BootstrapPlan

_SIGNS: Final = {"none": "=", "create": "+", "update": "~", "reject": "!"}
_WORDS: Final = {"none": "exists", "create": "to create", "update": "to complete", "reject": "is wrong"}


def bootstrap(
    stack: Stack = "dev",
    bucket: Annotated[
        str | None,
        typer.Option("--bucket", help="The state bucket.", show_default="PROJECT-pulumi-state-ACCOUNT-REGION"),
    ] = None,
    key_alias: Annotated[
        str | None, typer.Option("--key-alias", help="The alias of the KMS key.", show_default="PROJECT-pulumi-secrets")
    ] = None,
    github: Annotated[
        str | None,
        typer.Option(
            "--github", metavar="OWNER/NAME", help="Also create a role for GitHub Actions of this repository."
        ),
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option("--environment", help="The environment whose jobs may assume the role.", show_default="the stack"),
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", help="The name of the role.", show_default="PROJECT-STACK-deploy")
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            "--policy",
            metavar="FILE|ARN",
            help="A policy of the role: a file, or the ARN of a managed policy; repeat for several.",
            show_default="the generated policies of the stack's phase",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be created.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Skip the confirmation.")] = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Create the state bucket, KMS key and CI role in an AWS account.

    The key encrypts the stack's secrets. A resource that exists and is right is not changed. One that is wrong is
    rejected before anything is created. Exit codes: 0 success; 1 AWS reported an error; 2 wrong options or settings;
    5 no credentials; 8 something that exists is wrong.
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.account_bootstrap.plan import BootstrapOptions, apply_step, make_plan
        from tierup.deployment import project as projects
        from tierup.deployment.accounts import check_credentials
        from tierup.deployment.errors import CommandError, ExitCode
        from tierup.preflight.stack_plan import read_config

        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        check_credentials(read_config(project.name, project.settings(stack))[0])
        console = Console(file=sys.stderr if as_json else sys.stdout)
        options = BootstrapOptions(
            bucket=bucket,
            key_alias=key_alias,
            github=github,
            environment=environment,
            role=role,
            policies=policy or (),
        )
        plan = make_plan(project, stack, options)
        _print_plan(console, plan)
        if plan.rejected:
            wrong = " ".join(
                f"{step.resource} {step.name}: {' '.join(step.details)} {step.command}" for step in plan.rejected
            )
            raise CommandError(f"{wrong} Nothing was changed.", ExitCode.PREFLIGHT)
        applied = bool(plan.changes) and not dry_run
        if applied:
            _confirm(plan, yes=yes)
            for step in plan.changes:
                console.print(f"{step.resource} {step.name} …", highlight=False, markup=False, soft_wrap=True)
                apply_step(step)
        if as_json:
            print(json.dumps(_document(stack, plan, applied=applied), indent=2))
            return
        if dry_run and plan.changes:
            console.print("\nDry run; nothing was changed.")
        _print_commands(console, plan)


def _confirm(plan: BootstrapPlan, *, yes: bool) -> None:
    """Continue only if the user confirms. Raises CommandError."""
    if yes:
        return
    check_terminal("bootstrap", alternative="--dry-run to change nothing")
    if not typer.confirm(f"Create these resources in account {plan.account}?", err=True):
        raise cancelled()


def _print_plan(console: Console, plan: BootstrapPlan) -> None:
    console.print(f"Account {plan.account}, region {plan.region}", highlight=False)
    for step in plan.steps:
        details = f" ({'; '.join(step.details)})" if step.details else ""
        console.print(
            f"  {_SIGNS[step.action]} {step.resource} {step.name}: {_WORDS[step.action]}{details}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _print_commands(console: Console, plan: BootstrapPlan) -> None:
    console.print("\nNext:")
    for command in plan.commands:
        console.print(f"  {command}", highlight=False, markup=False, soft_wrap=True)
    if plan.role_arn is not None:
        console.print(
            f"\nIn the workflow of GitHub Actions: permissions `id-token: write`, and role-to-assume {plan.role_arn}.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _document(stack: str, plan: BootstrapPlan, *, applied: bool) -> dict[str, Any]:
    return {
        "stack": stack,
        "account": plan.account,
        "region": plan.region,
        "applied": applied,
        "steps": [
            {"resource": step.resource, "name": step.name, "action": str(step.action), "details": list(step.details)}
            for step in plan.steps
        ],
        "commands": list(plan.commands),
        "role_arn": plan.role_arn,
    }
