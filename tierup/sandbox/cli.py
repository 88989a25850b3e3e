"""`tierup sandbox`: starts and stops the rehearsal cloud, looks into it, changes it behind Pulumi's back."""

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
    help="The rehearsal cloud: plays AWS, MongoDB Atlas and Cloudflare on this machine. What it holds survives a stop.",
    no_args_is_help=True,
)
faults_app = typer.Typer(help="Accidents to rehearse: any operation can fail, hang, or succeed and report failure.")
app.add_typer(faults_app, name="faults")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Identity = Annotated[str, typer.Argument(help="An id, a URN, or a Pulumi logical name.")]
Property = Annotated[list[str], typer.Argument(help='Inputs to set, "tags.Owner=me"; an empty value removes one.')]
_HIDDEN = "[secret]"


@contextmanager
def _open() -> Generator[Cloud]:
    with _said():
        cloud = Cloud(cloud_path(default_home()))
        try:
            yield cloud
        finally:
            cloud.close()


@contextmanager
def _said() -> Generator[None]:
    """Turns what went wrong into its one sentence."""
    try:
        yield
    except (SandboxError, CloudError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error


@app.command()
def start(
    port: Annotated[int | None, typer.Option(help="The first of three ports to serve on; else free ones.")] = None,
    as_json: AsJson = False,
) -> None:
    """Starts the rehearsal cloud, if it does not run yet."""
    with _said():
        found = ensure_running(default_home(), port)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        typer.echo(f"the sandbox serves on 127.0.0.1: {found.debug_providers} (process {found.pid})")


@app.command("stop")
def stop_command() -> None:
    """Stops it. What stands in the cloud stays."""
    with _said():
        stopped = stop(default_home())
    typer.echo("the sandbox is stopped" if stopped else "no sandbox was running")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Says whether it runs, where, and what stands in it. Exit code 1 when it does not run."""
    found = running(default_home())
    with _open() as cloud:
        standing, armed = len(_made(cloud)), len(cloud.faults())
    if as_json:
        typer.echo(json.dumps({"running": asdict(found) if found else None, "resources": standing, "faults": armed}))
    elif found:
        typer.echo(f"serves on 127.0.0.1: {found.debug_providers} (process {found.pid})")
    else:
        typer.echo("not running: `tierup sandbox start` starts it")
    if not as_json:
        typer.echo(f"{standing} resources stand in {cloud_path(default_home())}, {armed} faults are armed")
    if not found:
        raise typer.Exit(1)


@app.command("ls")
def list_command(
    pattern: Annotated[str, typer.Argument(help="Part of a type, an id or a logical name.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Also what the account had before, such as hosted zones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Lists what stands in the cloud."""
    with _open() as cloud:
        found = cloud.all() if everything else _made(cloud)
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
    """Shows one resource with all its properties; secret values stay hidden."""
    with _open() as cloud:
        shown = _shown(_one(cloud, identity))
    typer.echo(json.dumps(shown, indent=2) if as_json else yaml.safe_dump(shown, sort_keys=False).rstrip())


@app.command()
def rm(identity: Identity) -> None:
    """Removes a resource behind Pulumi's back: what somebody does in a console by mistake."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        cloud.remove(found)
    typer.echo(f"removed {found.type} '{found.name}' ({found.id}); Pulumi does not know: `refresh` finds out")


@app.command()
def edit(identity: Identity, properties: Property) -> None:
    """Changes a resource behind Pulumi's back, to rehearse drift: `edit api-load-balancer idleTimeout=5`."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        changed = found
        for each in properties:
            path, equals, text = each.partition("=")
            if not equals:
                raise ValueError(f"'{each}' is no property=value")
            value = yaml.safe_load(text) if text else None
            changed = replace(
                changed, inputs=_with(changed.inputs, path, value), outputs=_with(changed.outputs, path, value)
            )
        cloud.change(changed)
    typer.echo(f"changed {found.type} '{found.name}' ({found.id}); Pulumi does not know: `refresh` finds out")


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False) -> None:
    """Empties the cloud: a lost account. Pulumi's own state stays as it is."""
    if not yes:
        typer.confirm("Empty the rehearsal cloud?", abort=True)
    with _open() as cloud:
        count = len(_made(cloud))
        cloud.reset()
    typer.echo(f"{count} resources are gone")


@app.command()
def coverage(
    used: Annotated[bool, typer.Option("--used", help="Only the types that stand in the cloud now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lists how well each resource type is known: by a behaviour row, or by its schema alone."""
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
    times: Annotated[int, typer.Option(min=1, help="How many operations it hits.")] = 1,
    after: Annotated[int, typer.Option(min=0, help="How many matching ones pass before.")] = 0,
    seconds: Annotated[float, typer.Option(min=0, help="How long it waits first.")] = 0.0,
    message: Annotated[str, typer.Option(help="What the cloud says.")] = "",
) -> None:
    """Arms an accident for the next matching operations."""
    with _open() as cloud:
        cloud.add_fault(InjectedFault(operation, kind, type, name, times, after, seconds, message))
    typer.echo(f"armed: {_told(InjectedFault(operation, kind, type, name, times, after, seconds))}")


@faults_app.command("load")
def load_faults(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON: a list of faults.")],
) -> None:
    """Arms the accidents a file lists, each with the options of `add`: [{operation: create, kind: fail}]."""
    with _open() as cloud:
        try:
            listed = yaml.safe_load(file.read_text())
            faults = [InjectedFault(**entry) for entry in listed]
        except (yaml.YAMLError, TypeError) as error:
            raise ValueError(f"{file} is not a list of faults: {error}") from error
        for fault in faults:
            cloud.add_fault(fault)
    typer.echo(f"{len(faults)} faults are armed")


@faults_app.command("ls")
def list_faults(as_json: AsJson = False) -> None:
    """Lists the accidents still to come."""
    with _open() as cloud:
        faults = cloud.faults()
    if as_json:
        typer.echo(json.dumps([asdict(fault) for fault in faults], indent=2))
        return
    for fault in faults:
        typer.echo(_told(fault))
    typer.echo(f"{len(faults)} faults are armed")


@faults_app.command("clear")
def clear_faults() -> None:
    """Disarms all accidents."""
    with _open() as cloud:
        cloud.clear_faults()
    typer.echo("no faults are armed")


def _told(fault: InjectedFault) -> str:
    what = f"{fault.operation} of {fault.type}" + (f" '{fault.name}'" if fault.name != "*" else "")
    times = "once" if fault.times == 1 else f"{fault.times} times"
    after = f" after {fault.after} that pass" if fault.after else ""
    return f"{what}: {fault.kind}, {times}{after}{f', {fault.seconds:g} s' if fault.seconds else ''}"


def _made(cloud: Cloud) -> list[CloudResource]:
    """What a stack made, without what the account had before."""
    return [resource for resource in cloud.all() if resource.urn]


def _one(cloud: Cloud, identity: str) -> CloudResource:
    found = [r for r in cloud.all() if identity in (r.id, r.urn, r.name)]
    if not found:
        raise ValueError(f"nothing in the cloud has the id, URN or name '{identity}': `tierup sandbox ls` lists all")
    if len(found) > 1:
        listed = ", ".join(f"{r.type} {r.id}" for r in found)
        raise ValueError(f"'{identity}' may be {listed}: say which by its id or URN")
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
    """A copy of nested values with one of them set, or removed when `value` is None."""
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
