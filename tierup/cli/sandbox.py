"""`tierup sandbox`: starts and stops the sandbox, lists its resources, and changes them without Pulumi."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Stack
from tierup.cli.workspace import open_workspace
from tierup.deployment import project as projects
from tierup.deployment.errors import CommandError
from tierup.sandbox import SandboxError, cloud_path, default_home, ensure_running, running, stop
from tierup.sandbox.cloud import Cloud, CloudError, CloudResource, InjectedFault
from tierup.sandbox.coverage import all_rows, known_types
from tierup.sandbox.coverage import coverage as coverage_of

app = typer.Typer(
    help="The sandbox simulates AWS, MongoDB Atlas and Cloudflare on this machine. Its resources survive a stop.",
    no_args_is_help=True,
)
faults_app = typer.Typer(help="Inject faults: an operation can fail, hang, or succeed and report an error.")
app.add_typer(faults_app, name="faults")

Identity = Annotated[str, typer.Argument(help="An id, a URN, or a Pulumi logical name.")]
Property = Annotated[list[str], typer.Argument(help='Inputs to set, "tags.Owner=me"; an empty value removes one.')]
_HIDDEN = "[secret]"


def _home() -> Path:
    """Return the folder of the sandbox that `tierup up --sandbox` uses in the current folder."""
    try:
        return default_home(projects.find(Path.cwd()).folder)
    except CommandError:
        return default_home()


@contextmanager
def _open() -> Generator[Cloud]:
    with _handle_sandbox_errors():
        cloud = Cloud(cloud_path(_home()))
        try:
            yield cloud
        finally:
            cloud.close()


@contextmanager
def _handle_sandbox_errors() -> Generator[None]:
    """Turn an error of the sandbox into its message and exit code 1."""
    try:
        yield
    except (SandboxError, CloudError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error


@app.command()
def start(
    port: Annotated[
        int | None, typer.Option(help="The first of three ports to listen on; free ones if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start the sandbox, unless it is running."""
    with _handle_sandbox_errors():
        found = ensure_running(_home(), port)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        typer.echo(f"The sandbox listens on 127.0.0.1: {found.debug_providers} (process {found.pid})")


@app.command("stop")
def stop_command() -> None:
    """Stop the sandbox. Its resources are kept."""
    with _handle_sandbox_errors():
        stopped = stop(_home())
    typer.echo("Sandbox stopped." if stopped else "The sandbox is not running.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show whether the sandbox is running, its ports and its number of resources. Exit code 1 if it is not running."""
    found = running(_home())
    with _open() as cloud:
        resources, faults = len(_made(cloud)), len(cloud.faults())
    if as_json:
        typer.echo(json.dumps({"running": asdict(found) if found else None, "resources": resources, "faults": faults}))
    elif found:
        typer.echo(f"The sandbox listens on 127.0.0.1: {found.debug_providers} (process {found.pid})")
    else:
        typer.echo("The sandbox is not running. Start it with `tierup sandbox start`.")
    if not as_json:
        typer.echo(f"{resources} resources in {cloud_path(_home())}, {faults} faults armed")
    if not found:
        raise typer.Exit(1)


@app.command("ls")
def list_command(
    pattern: Annotated[str, typer.Argument(help="Part of a type, an id or a logical name.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Include resources that the account had before, such as hosted zones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the resources in the sandbox."""
    with _open() as cloud:
        found = cloud.all() if everything else _made(cloud)
    found = [r for r in found if pattern in r.type or pattern in r.id or pattern in r.name]
    if as_json:
        typer.echo(json.dumps([_shown(r) for r in found], indent=2))
        return
    table = Table("type", "name", "id", "region", box=None)
    for resource in found:
        table.add_row(resource.type, resource.name, resource.id, resource.region or "global")
    Console().print(table)
    typer.echo(f"{len(found)} resources")


@app.command()
def show(identity: Identity, as_json: AsJson = False) -> None:
    """Show one resource with all its properties; secret values are hidden."""
    with _open() as cloud:
        shown = _shown(_one(cloud, identity))
    typer.echo(json.dumps(shown, indent=2) if as_json else yaml.safe_dump(shown, sort_keys=False).rstrip())


@app.command()
def rm(identity: Identity) -> None:
    """Delete a resource without Pulumi, as a mistake in a cloud's console does."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        cloud.remove(found)
    typer.echo(
        f"Deleted {found.type} '{found.name}' ({found.id}). Pulumi's state still has it; `tierup refresh` detects that."
    )


@app.command()
def edit(identity: Identity, properties: Property) -> None:
    """Change a resource without Pulumi, to cause drift: `edit api-load-balancer idleTimeout=5`."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        changed = found
        for each in properties:
            path, equals, text = each.partition("=")
            if not equals:
                raise ValueError(f"PROPERTIES: not a property and a value (got {each!r}). Allowed: PROPERTY=VALUE.")
            value = yaml.safe_load(text) if text else None
            changed = replace(
                changed, inputs=_with(changed.inputs, path, value), outputs=_with(changed.outputs, path, value)
            )
        cloud.change(changed)
    typer.echo(
        f"Changed {found.type} '{found.name}' ({found.id}). Pulumi's state differs; `tierup refresh` detects that."
    )


@app.command()
def env(stack: Stack = "dev", cwd: Cwd = None) -> None:
    """Print the shell commands that let plain `pulumi` use the sandbox: eval "$(tierup sandbox env)"."""
    with handle_errors(as_json=False):
        projects.check_stack_name(stack)
        workspace = open_workspace(
            projects.find(cwd or Path.cwd()), stack, Console(file=sys.stderr), sandbox=True, create=True
        )
        for name in sorted(os.environ.keys() - workspace.environment.keys()):
            print(f"unset {name}")
        for name, value in sorted(workspace.environment.items()):
            if os.environ.get(name) != value:
                print(f"export {name}={shlex.quote(value)}")


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", "-y", help="Skip the confirmation.")] = False) -> None:
    """Delete all resources in the sandbox, as a lost account does. Pulumi's state is kept."""
    if not yes:
        typer.confirm("Delete all resources in the sandbox?", abort=True)
    with _open() as cloud:
        count = len(_made(cloud))
        cloud.reset()
    typer.echo(f"Deleted {count} resources.")


@app.command()
def coverage(
    used: Annotated[bool, typer.Option("--used", help="Only the types of resources in the sandbox.")] = False,
    as_json: AsJson = False,
) -> None:
    """List how well each resource type is known: by a behaviour row, or by its schema alone."""
    if used:
        with _open() as cloud:
            found = coverage_of(r.type for r in cloud.all())
    else:
        found = all_rows()
    if as_json:
        typer.echo(json.dumps([{**asdict(row), "byRow": row.by_row} for row in found], indent=2))
        return
    table = Table("type", "known by", "documented", "assumed", box=None)
    for row in found:
        table.add_row(row.type, "row" if row.by_row else "schema alone", str(row.documented), str(row.assumed))
    Console().print(table)
    known = ", ".join(f"{package} {count}" for package, count in known_types().items())
    typer.echo(f"{sum(row.by_row for row in found)} of {len(found)} listed have a row; types by schema: {known}")


@faults_app.command("add")
def add_fault(
    operation: Annotated[str, typer.Argument(help=f"One of {', '.join(InjectedFault.OPERATIONS)}.")],
    kind: Annotated[
        str, typer.Argument(help="fail, lost (done, but reported failed), timeout (done, never ready) or slow.")
    ],
    type: Annotated[str, typer.Option(help="Pattern of resource types: 'aws:ecs/*'.")] = "*",
    name: Annotated[str, typer.Option(help="Pattern of logical names: 'api-*'.")] = "*",
    times: Annotated[int, typer.Option(min=1, help="Number of operations that it affects.")] = 1,
    after: Annotated[int, typer.Option(min=0, help="Number of matching operations that succeed before.")] = 0,
    seconds: Annotated[float, typer.Option(min=0, help="Seconds of delay before it takes effect.")] = 0.0,
    message: Annotated[str, typer.Option(help="The error message of the cloud.")] = "",
) -> None:
    """Inject a fault into the next matching operations."""
    with _open() as cloud:
        cloud.add_fault(InjectedFault(operation, kind, type, name, times, after, seconds, message))
    typer.echo(f"Armed: {_described(InjectedFault(operation, kind, type, name, times, after, seconds))}")


@faults_app.command("load")
def load_faults(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON: a list of faults.")],
) -> None:
    """Inject the faults that a file lists, each with the options of `add`: [{operation: create, kind: fail}]."""
    with _open() as cloud:
        try:
            listed = yaml.safe_load(file.read_text())
            faults = [InjectedFault(**entry) for entry in listed]
        except (yaml.YAMLError, TypeError) as error:
            raise ValueError(
                f"FILE: not a list of faults (got {file}: {error}). Allowed: a YAML or JSON list."
            ) from error
        for fault in faults:
            cloud.add_fault(fault)
    typer.echo(f"{len(faults)} faults armed.")


@faults_app.command("ls")
def list_faults(as_json: AsJson = False) -> None:
    """List the armed faults."""
    with _open() as cloud:
        faults = cloud.faults()
    if as_json:
        typer.echo(json.dumps([asdict(fault) for fault in faults], indent=2))
        return
    for fault in faults:
        typer.echo(_described(fault))
    typer.echo(f"{len(faults)} faults armed.")


@faults_app.command("clear")
def clear_faults() -> None:
    """Remove all armed faults."""
    with _open() as cloud:
        cloud.clear_faults()
    typer.echo("No faults armed.")


def _described(fault: InjectedFault) -> str:
    operation = f"{fault.operation} of {fault.type}" + (f" '{fault.name}'" if fault.name != "*" else "")
    times = "once" if fault.times == 1 else f"{fault.times} times"
    after = f" after {fault.after} that succeed" if fault.after else ""
    return f"{operation}: {fault.kind}, {times}{after}{f', {fault.seconds:g} s' if fault.seconds else ''}"


def _made(cloud: Cloud) -> list[CloudResource]:
    """Return the resources that a stack created, without those that the account had before."""
    return [resource for resource in cloud.all() if resource.urn]


def _one(cloud: Cloud, identity: str) -> CloudResource:
    found = [r for r in cloud.all() if identity in (r.id, r.urn, r.name)]
    if not found:
        raise ValueError(
            f"IDENTITY: no resource has this id, URN or name (got {identity!r}). `tierup sandbox ls` lists all."
        )
    if len(found) > 1:
        listed = ", ".join(f"{r.type} {r.id}" for r in found)
        raise ValueError(f"IDENTITY: several resources match (got {identity!r}: {listed}). Give the id or URN of one.")
    return found[0]


def _shown(resource: CloudResource) -> dict[str, Any]:
    def hidden(values: Any) -> dict[str, Any]:
        return {key: _HIDDEN if key in resource.secrets else value for key, value in values.items()}

    return {
        "type": resource.type,
        "id": resource.id,
        "urn": resource.urn,
        "region": resource.region or "global",
        "inputs": hidden(resource.inputs),
        "outputs": hidden(resource.outputs),
    }


def _with(values: Any, path: str, value: Any) -> Any:
    """Return a copy of nested values with one of them set, or removed when `value` is None."""
    step, _, rest = path.partition(".")
    if isinstance(values, list):
        index = int(step)
        return [_with(inner, rest, value) if rest else value if i == index else inner for i, inner in enumerate(values)]
    copy = dict(values or {})
    if rest:
        copy[step] = _with(copy.get(step), rest, value)
    elif value is None:
        copy.pop(step, None)
    else:
        copy[step] = value
    return copy
