"""`tierup sandbox`: starts and stops the sandbox, lists and changes its resources, injects faults."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from .cloud import Cloud, CloudError, CloudResource, InjectedFault
from .server import SandboxError, cloud_path, default_home, ensure_running, running, stop

app = typer.Typer(
    help="Manage the sandbox, a local AWS, MongoDB Atlas and Cloudflare. Its resources survive a stop.",
    no_args_is_help=True,
)
faults_app = typer.Typer(help="Inject faults: any operation can fail, be slow, or succeed and report a failure.")
app.add_typer(faults_app, name="faults")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Identity = Annotated[str, typer.Argument(help="An id, a URN or a Pulumi logical name.")]
Property = Annotated[
    list[str], typer.Argument(help='Inputs to set, such as "tags.Owner=me"; an empty value removes an input.')
]
_HIDDEN = "[secret]"


@contextmanager
def _open() -> Generator[Cloud]:
    with _handle_errors():
        cloud = Cloud(cloud_path(default_home()))
        try:
            yield cloud
        finally:
            cloud.close()


@contextmanager
def _handle_errors() -> Generator[None]:
    """Print an expected error as one line and exit with code 1."""
    try:
        yield
    except (SandboxError, CloudError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error


@app.command()
def start(
    port: Annotated[int | None, typer.Option(help="The first of three ports. Default: free ports.")] = None,
    as_json: AsJson = False,
) -> None:
    """Start the sandbox if it is not running."""
    with _handle_errors():
        found = ensure_running(default_home(), port)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        typer.echo(f"Sandbox running on 127.0.0.1: {found.debug_providers} (process {found.pid})")


@app.command("stop")
def stop_command() -> None:
    """Stop the sandbox. Its resources are kept."""
    with _handle_errors():
        stopped = stop(default_home())
    typer.echo("Sandbox stopped." if stopped else "The sandbox was not running.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show whether the sandbox is running, its ports and its number of resources. Exit code 1 if it is not running."""
    found = running(default_home())
    with _open() as cloud:
        resources, armed = len(_of_stacks(cloud)), len(cloud.faults())
    if as_json:
        typer.echo(json.dumps({"running": asdict(found) if found else None, "resources": resources, "faults": armed}))
    elif found:
        typer.echo(f"Running on 127.0.0.1: {found.debug_providers} (process {found.pid})")
    else:
        typer.echo("Not running. Start it with `tierup sandbox start`.")
    if not as_json:
        typer.echo(f"{resources} resources in {cloud_path(default_home())}, {armed} faults armed")
    if not found:
        raise typer.Exit(1)


@app.command("ls")
def list_command(
    pattern: Annotated[str, typer.Argument(help="A part of a type, an id or a logical name.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Include resources that no stack created, such as hosted zones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the resources in the sandbox."""
    with _open() as cloud:
        found = cloud.all() if everything else _of_stacks(cloud)
    found = [r for r in found if pattern in r.type or pattern in r.id or pattern in r.name]
    if as_json:
        typer.echo(json.dumps([_shown(r) for r in found], indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("type", "name", "id", "region", box=None)
    for resource in found:
        table.add_row(resource.type, resource.name, resource.id, resource.region or "global")
    Console().print(table)
    typer.echo(f"{len(found)} resources")


@app.command()
def show(identity: Identity, as_json: AsJson = False) -> None:
    """Show a resource with all its properties. Secret values are hidden."""
    with _open() as cloud:
        shown = _shown(_one(cloud, identity))
    typer.echo(json.dumps(shown, indent=2) if as_json else yaml.safe_dump(shown, sort_keys=False).rstrip())


@app.command()
def rm(identity: Identity) -> None:
    """Delete a resource outside Pulumi, as if someone deleted it in the console."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        cloud.remove(found)
    typer.echo(f"Deleted {found.type} '{found.name}' ({found.id}) outside Pulumi. Run `tierup refresh` to detect it.")


@app.command()
def edit(identity: Identity, properties: Property) -> None:
    """Change a resource outside Pulumi to simulate drift: `edit api-load-balancer idleTimeout=5`."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        changed = found
        for each in properties:
            path, equals, text = each.partition("=")
            if not equals:
                raise ValueError(f"PROPERTY: invalid (got '{each}'). Allowed is property=value.")
            value = yaml.safe_load(text) if text else None
            changed = replace(
                changed, inputs=_with(changed.inputs, path, value), outputs=_with(changed.outputs, path, value)
            )
        cloud.change(changed)
    typer.echo(f"Changed {found.type} '{found.name}' ({found.id}) outside Pulumi. Run `tierup refresh` to detect it.")


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", "-y", help="Skip the confirmation.")] = False) -> None:
    """Delete all resources in the sandbox. Pulumi's state is kept."""
    if not yes:
        typer.confirm("Delete all resources in the sandbox?", abort=True)
    with _open() as cloud:
        count = len(_of_stacks(cloud))
        cloud.reset()
    typer.echo(f"{count} resources deleted")


@app.command()
def coverage(
    used: Annotated[bool, typer.Option("--used", help="Only the types of the resources in the sandbox.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the coverage of each resource type: by a behaviour row, or by its schema alone."""
    from .coverage import all_rows, known_types
    from .coverage import coverage as covered

    if used:
        with _open() as cloud:
            found = covered(r.type for r in cloud.all())
    else:
        found = all_rows()
    if as_json:
        typer.echo(json.dumps([{**asdict(row), "byRow": row.by_row} for row in found], indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("type", "covered by", "documented", "assumed", box=None)
    for row in found:
        table.add_row(row.type, "row" if row.by_row else "schema alone", str(row.documented), str(row.assumed))
    Console().print(table)
    known = ", ".join(f"{package} {count}" for package, count in known_types().items())
    typer.echo(f"{sum(row.by_row for row in found)} of {len(found)} types have a row. Types by schema: {known}")


@faults_app.command("add")
def add_fault(
    operation: Annotated[str, typer.Argument(help=f"One of {', '.join(InjectedFault.OPERATIONS)}.")],
    kind: Annotated[
        str,
        typer.Argument(help="fail, lost (performed, reported as failed), timeout (performed, never ready) or slow."),
    ],
    type: Annotated[str, typer.Option(help="Pattern of resource types, such as 'aws:ecs/*'.")] = "*",
    name: Annotated[str, typer.Option(help="Pattern of logical names, such as 'api-*'.")] = "*",
    times: Annotated[int, typer.Option(min=1, help="Number of operations that fail.")] = 1,
    after: Annotated[int, typer.Option(min=0, help="Number of matching operations that pass first.")] = 0,
    seconds: Annotated[float, typer.Option(min=0, help="Delay in seconds.")] = 0.0,
    message: Annotated[str, typer.Option(help="Error message of the cloud.")] = "",
) -> None:
    """Arm a fault for the next matching operations."""
    with _open() as cloud:
        cloud.add_fault(InjectedFault(operation, kind, type, name, times, after, seconds, message))
    typer.echo(f"Armed: {_describe(InjectedFault(operation, kind, type, name, times, after, seconds))}")


@faults_app.command("load")
def load_faults(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A YAML or JSON file with a list of faults.")
    ],
) -> None:
    """Arm the faults of a file, each with the options of `add`: [{operation: create, kind: fail}]."""
    with _open() as cloud:
        try:
            listed = yaml.safe_load(file.read_text())
            faults = [InjectedFault(**entry) for entry in listed]
        except (yaml.YAMLError, TypeError) as error:
            raise ValueError(
                f"{file}: not a list of faults ({error}). See `tierup sandbox faults load --help`."
            ) from error
        for fault in faults:
            cloud.add_fault(fault)
    typer.echo(f"{len(faults)} faults armed")


@faults_app.command("ls")
def list_faults(as_json: AsJson = False) -> None:
    """List the armed faults."""
    with _open() as cloud:
        faults = cloud.faults()
    if as_json:
        typer.echo(json.dumps([asdict(fault) for fault in faults], indent=2))
        return
    for fault in faults:
        typer.echo(_describe(fault))
    typer.echo(f"{len(faults)} faults armed")


@faults_app.command("clear")
def clear_faults() -> None:
    """Disarm all faults."""
    with _open() as cloud:
        cloud.clear_faults()
    typer.echo("0 faults armed")


def _describe(fault: InjectedFault) -> str:
    what = f"{fault.operation} of {fault.type}" + (f" '{fault.name}'" if fault.name != "*" else "")
    times = "once" if fault.times == 1 else f"{fault.times} times"
    after = f" after {fault.after} pass" if fault.after else ""
    return f"{what}: {fault.kind}, {times}{after}{f', {fault.seconds:g} s' if fault.seconds else ''}"


def _of_stacks(cloud: Cloud) -> list[CloudResource]:
    """Return the resources of stacks, without those that the account had before."""
    return [resource for resource in cloud.all() if resource.urn]


def _one(cloud: Cloud, identity: str) -> CloudResource:
    found = [r for r in cloud.all() if identity in (r.id, r.urn, r.name)]
    if not found:
        raise ValueError(
            f"IDENTITY: no resource has this id, URN or name (got '{identity}'). List them with `tierup sandbox ls`."
        )
    if len(found) > 1:
        listed = ", ".join(f"{r.type} {r.id}" for r in found)
        raise ValueError(f"IDENTITY: ambiguous (got '{identity}', matches {listed}). Use an id or a URN.")
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
    """Return a copy of nested values with one value set, or removed if `value` is None."""
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
