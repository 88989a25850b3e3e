"""`tierup sandbox problems` and `tierup sandbox deployer`: IAM in the sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table

from tierup.cli.options import AsJson
from tierup.cli.sandbox_cloud import open_cloud
from tierup.counting import counted
from tierup.sandbox.aws.access import deployer, silent
from tierup.sandbox.aws.access.deployer import NamedPolicy

PolicyFiles = Annotated[
    list[Path],
    typer.Argument(
        exists=True,
        dir_okay=False,
        help="A policy document, or a file with several, such as docs/reference/deployer-policy.json.",
    ),
]


deployer_app = typer.Typer(help="Set the IAM policies of the identity that deploys to the sandbox.")


def problems(as_json: AsJson = False) -> None:
    """List the resources whose roles or policies lack a permission. The exit code is 1 if there are any."""
    with open_cloud() as cloud:
        found = list(silent.problems(cloud))
    if as_json:
        typer.echo(json.dumps([_shown(problem) for problem in found], indent=2))
    else:
        for problem in found:
            typer.echo(f"{problem.resource.type} '{problem.resource.name or problem.resource.id}'")
            typer.echo(f"  {problem.effect} {problem.reason}")
        typer.echo(counted(len(found), "problem"))
    if found:
        raise typer.Exit(1)


@deployer_app.command("set")
def set_deployer(
    files: PolicyFiles,
    phase: Annotated[str, typer.Option(help="The part of a file with several groups of policies, such as scale.")] = "",
) -> None:
    """Deploy with the permissions of these policies only. Other operations fail with AccessDenied."""
    with open_cloud() as cloud:
        given = [policy for file in files for policy in read_policies(file, phase)]
        deployer.set_policies(cloud, given)
    typer.echo(f"The deployer has {counted(len(given), 'policy', 'policies')}.")


@deployer_app.command("show")
def show_deployer(as_json: AsJson = False) -> None:
    """Show the policies of the deployer."""
    with open_cloud() as cloud:
        given = deployer.policies(cloud)
    if as_json:
        listed = None if given is None else {policy.name: policy.document for policy in given}
        typer.echo(json.dumps({"administrator": given is None, "policies": listed}, indent=2))
    elif given is None:
        typer.echo("The deployer is an administrator.")
    else:
        table = Table("policy", "statements", box=None)
        for policy in given:
            table.add_row(policy.name, str(len(_listed(policy.document.get("Statement")))))
        Console().print(table)


@deployer_app.command("clear")
def clear_deployer() -> None:
    """Make the deployer an administrator again."""
    with open_cloud() as cloud:
        deployer.set_policies(cloud, None)
    typer.echo("The deployer is an administrator.")


def _shown(problem: silent.Problem) -> dict[str, Any]:
    need = problem.denial.need
    return {
        "type": problem.resource.type,
        "name": problem.resource.name,
        "id": problem.resource.id,
        "effect": problem.effect,
        "reason": problem.reason,
        "caller": need.caller,
        "action": need.action,
        "resource": need.resource,
        "statement": problem.denial.decision.statement,
    }


def read_policies(file: Path, phase: str = "") -> Sequence[NamedPolicy]:
    """Return the policies of a file: one document, or the group `phase` of a generated file. Raises ValueError."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{file}: not a JSON file (got {error}). Give an IAM policy document.") from error
    if not isinstance(document, dict):
        raise ValueError(f"{file}: not an IAM policy (got {type(document).__name__}). Give a JSON object.")
    content = cast("Mapping[str, Any]", document)
    groups = content.get("policies")
    if not isinstance(groups, Mapping):
        return [NamedPolicy(file.stem, content)]
    if phase not in groups:
        raise ValueError(f"--phase: {file} has no such group (got '{phase}'). Allowed are {', '.join(groups)}.")
    return [NamedPolicy(name, policy) for name, policy in groups[phase].items()]


def _listed(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]
