"""`tierup sandbox`: starts and stops the sandbox, lists and changes its resources, injects faults."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Stack
from tierup.cli.sandbox_access import deployer_app, problems
from tierup.cli.sandbox_cloud import home as _home
from tierup.cli.sandbox_cloud import open_cloud as _open
from tierup.cli.sandbox_cloud import sandbox_errors as _sandbox_errors
from tierup.cli.sandbox_traffic import conditions_app, timeline, trace, traffic
from tierup.cli.workspace import open_workspace
from tierup.counting import counted
from tierup.deployment import project as projects
from tierup.sandbox import cloud_path, ensure_running, running, stop
from tierup.sandbox.cloud import Cloud, CloudResource, InjectedFault
from tierup.sandbox.coverage import Covered, all_rows, known_types
from tierup.sandbox.coverage import coverage as coverage_of
from tierup.sandbox.mongodbatlas.effective_specs import autoscale as autoscale_cluster
from tierup.sandbox.mongodbatlas.project import CLUSTER
from tierup.sandbox.program_coverage import Uses, uses_of
from tierup.sandbox.registrar import DnsProvider, delegate, delegations
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import canonical
from tierup.sandbox.seeding import seed as seed_resource
from tierup.sandbox.server import hosts_path
from tierup.site.sandbox_bucket import delete_sandbox_buckets

app = typer.Typer(
    help="Manage the sandbox, a local AWS, MongoDB Atlas and Cloudflare. Its resources survive a stop.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
faults_app = typer.Typer(help="Inject faults: operations fail, are slow, or report a failure.")
app.add_typer(faults_app, name="faults")
quotas_app = typer.Typer(help="List and adjust the service quotas of the sandbox.")
app.add_typer(quotas_app, name="quotas")
app.add_typer(conditions_app, name="conditions")
app.add_typer(deployer_app, name="deployer")
for command in (trace, traffic, timeline, problems):
    app.command()(command)

Identity = Annotated[str, typer.Argument(help="An id, a URN or a Pulumi logical name.")]
Property = Annotated[
    list[str], typer.Argument(help='Inputs to set, such as "tags.Owner=me"; an empty value removes an input.')
]
_HIDDEN = "[secret]"


@app.command()
def start(
    port: Annotated[int | None, typer.Option(help="The first of the ports. Default: free ports.")] = None,
    as_json: AsJson = False,
) -> None:
    """Start the sandbox if it is not running."""
    with _sandbox_errors():
        found = ensure_running(_home(), port)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        typer.echo(f"Sandbox running on 127.0.0.1: {found.debug_providers} (process {found.pid})")


@app.command("stop")
def stop_command() -> None:
    """Stop the sandbox. Its resources are kept."""
    with _sandbox_errors():
        stopped = stop(_home())
    typer.echo("Sandbox stopped." if stopped else "The sandbox was not running.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show whether the sandbox is running, its ports and its number of resources. The exit code is 1 if it is not
    running."""
    found = running(_home())
    with _open() as cloud:
        resources, armed = len(_of_stacks(cloud)), len(cloud.faults())
    if as_json:
        typer.echo(json.dumps({"running": asdict(found) if found else None, "resources": resources, "faults": armed}))
    elif found:
        typer.echo(f"Running on 127.0.0.1: {found.debug_providers} (process {found.pid})")
    else:
        typer.echo("Not running. Start it with `tierup sandbox start`.")
    if not as_json:
        typer.echo(f"{counted(resources, 'resource')} in {cloud_path(_home())}, {counted(armed, 'fault')} armed")
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
    table = Table("type", "name", "id", "region", box=None)
    for resource in found:
        table.add_row(resource.type, resource.name, resource.id, resource.region or "global")
    Console().print(table)
    typer.echo(counted(len(found), "resource"))


@app.command()
def show(identity: Identity, as_json: AsJson = False) -> None:
    """Show a resource with all its properties. Secret values are hidden."""
    with _open() as cloud:
        shown = _shown(_one(cloud, identity))
    typer.echo(json.dumps(shown, indent=2) if as_json else yaml.safe_dump(shown, sort_keys=False).rstrip())


@app.command()
def rm(identity: Identity) -> None:
    """Delete a resource outside Pulumi, as in the cloud's console."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        cloud.remove(found)
    typer.echo(f"Deleted {found.type} '{found.name}' ({found.id}) outside Pulumi. Run `tierup refresh` to detect it.")


@app.command()
def edit(identity: Identity, properties: Property) -> None:
    """Change a resource outside Pulumi to simulate drift. Example: `edit api-load-balancer idleTimeout=5`."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        changed = found
        for each in properties:
            path, value = _assignment(each)
            changed = replace(
                changed, inputs=_with(changed.inputs, path, value), outputs=_with(changed.outputs, path, value)
            )
        _check_properties(changed)
        cloud.change(changed)
    typer.echo(f"Changed {found.type} '{found.name}' ({found.id}) outside Pulumi. Run `tierup refresh` to detect it.")


@app.command()
def autoscale(
    identity: Identity,
    instance_size: Annotated[
        str | None, typer.Option(help="The instance size that Atlas scales to, such as M40.")
    ] = None,
    disk_gb: Annotated[float | None, typer.Option(help="The disk size in GB that Atlas scales to.")] = None,
) -> None:
    """Scale an Atlas cluster as its autoscaling does. The effective size changes, and the declared size does not."""
    with _open() as cloud, cloud.alone():
        found = _one(cloud, identity)
        if found.type != CLUSTER:
            raise ValueError(
                f"IDENTITY: not an Atlas cluster (got {found.type}). Change it with `tierup sandbox edit`."
            )
        cloud.change(autoscale_cluster(found, instance_size, disk_gb))
    sizes = " and ".join(
        [*([f"{instance_size}"] if instance_size else []), *([f"{disk_gb:g} GB"] if disk_gb is not None else [])]
    )
    typer.echo(f"Atlas scaled '{found.name}' ({found.id}) to {sizes}.")


@app.command("seed")
def seed_command(
    type: Annotated[str, typer.Argument(help="A type token, such as aws:ec2/vpc:Vpc.")],
    id: Annotated[str, typer.Argument(help="The resource's id, as a program names it.")],
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", "-i", help="An input, such as cidrBlock=10.0.0.0/16; repeat for several."),
    ] = None,
    region: Annotated[str | None, typer.Option(help="The AWS region. Default: the ARN's, else eu-west-1.")] = None,
    account: Annotated[str | None, typer.Option(help="The AWS account. Default: the ARN's, else 123456789012.")] = None,
) -> None:
    """Add a resource that exists before any stack. A program can name it by its id, such as that of a VPC."""

    values: Any = {}
    with _open() as cloud, cloud.alone():
        for each in inputs or ():
            path, value = _assignment(each)
            values = _with(values, path, value)
        added = seed_resource(cloud, type, id, values, region=region, account=account)
    typer.echo(f"Added {added.type} '{added.id}' ({added.region or 'global'}, account {added.account})")


@quotas_app.command("ls")
def list_quotas(
    pattern: Annotated[str, typer.Argument(help="A part of a type or a description.")] = "", as_json: AsJson = False
) -> None:
    """List the quotas with their values."""

    with _open() as cloud:
        adjusted = cloud.quotas()
    found = [
        {
            "type": row.type,
            "what": quota.what,
            "default": quota.limit,
            "value": adjusted.get((row.type, quota.what), quota.limit),
        }
        for row in registry().behaviours.values()
        for quota in row.quotas
        if pattern.lower() in f"{row.type} {quota.what}".lower()
    ]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return

    table = Table("type", "quota", "default", "value", box=None)
    for each in found:
        table.add_row(*(str(value) for value in each.values()))
    Console().print(table)


@quotas_app.command("set")
def set_quota(
    type: Annotated[str, typer.Argument(help="A type token, such as aws:ec2/vpc:Vpc.")],
    value: Annotated[str, typer.Argument(help="The new value, or 'default'.")],
    what: Annotated[str, typer.Option(help="The quota's description, if the type has several.")] = "",
) -> None:
    """Adjust a quota, as a granted quota increase does."""

    with _open() as cloud:
        row = registry().behaviours.get(canonical(type))
        names = [quota.what for quota in row.quotas] if row is not None else []
        matches = [name for name in names if what.lower() in name.lower()]
        if row is None or not names:
            raise ValueError(
                f"TYPE: the type has no quota (got '{type}'). List quotas with `tierup sandbox quotas ls`."
            )
        if len(matches) != 1:
            raise ValueError(f"--what: must match one quota (got '{what}'). Quotas of {row.type}: {', '.join(names)}.")
        if value != "default" and not value.isdecimal():
            raise ValueError(f"VALUE: not a whole number (got '{value}'). Allowed are whole numbers and 'default'.")
        cloud.set_quota(row.type, matches[0], None if value == "default" else int(value))
    typer.echo(f"{matches[0]}: {value}")


@app.command("delegate")
def delegate_command(
    domain: Annotated[str | None, typer.Argument(help="A domain, such as example.com. Default: list them.")] = None,
    to: Annotated[DnsProvider | None, typer.Option(help="The DNS provider that answers for the domain.")] = None,
    as_json: AsJson = False,
) -> None:
    """Delegate a domain to a DNS provider, as at a registrar. Until then, the first provider with a record answers."""
    with _open() as cloud:
        if (domain is None) != (to is None):
            raise ValueError(
                "DOMAIN, --to: only one of them is given. Give both to delegate a domain, or none to list them."
            )
        if domain is not None and to is not None:
            delegate(cloud, domain, to)
        found = delegations(cloud)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    for name, provider in found.items():
        typer.echo(f"{name} is delegated to {provider}")


@app.command()
def env(stack: Stack = "dev", cwd: Cwd = None) -> None:
    """Print shell commands that let `pulumi` use the sandbox. Run eval "$(tierup sandbox env)"."""
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
    """Delete all resources in the sandbox. Pulumi's state is kept."""
    if not yes:
        typer.confirm("Delete all resources in the sandbox?", abort=True)
    with _open() as cloud:
        count = len(_of_stacks(cloud))
        cloud.reset()
    hosts_path(_home()).unlink(missing_ok=True)
    delete_sandbox_buckets(_home())
    typer.echo(f"{counted(count, 'resource')} deleted")


@app.command()
def coverage(
    program: Annotated[
        Path | None,
        typer.Argument(exists=True, help="The folder or a file of a Python or Pulumi YAML program. It is not run."),
    ] = None,
    used: Annotated[bool, typer.Option("--used", help="Only the types of the resources in the sandbox.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the coverage of each resource type. A type is covered by a behaviour row, or by its schema alone."""
    if program is not None:
        with _sandbox_errors():
            if used:
                raise ValueError("--used: not allowed together with PROGRAM (got both). Give only one of them.")
            _show_program_coverage(uses_of(program), as_json)
        return
    if used:
        with _open() as cloud:
            found = coverage_of(r.type for r in cloud.all())
    else:
        found = all_rows()
    if as_json:
        typer.echo(json.dumps([{**asdict(row), "byRow": row.by_row} for row in found], indent=2))
        return
    _show_coverage(found)
    known = ", ".join(f"{package} {count}" for package, count in known_types().items())
    typer.echo(f"{sum(row.by_row for row in found)} of {len(found)} types have a row. Types by schema: {known}")


def _show_coverage(found: list[Covered]) -> None:
    table = Table("type", "covered by", "documented", "assumed", box=None)
    for row in found:
        table.add_row(row.type, "row" if row.by_row else "schema alone", str(row.documented), str(row.assumed))
    Console().print(table)


def _show_program_coverage(uses: Uses, as_json: bool) -> None:
    types, functions = coverage_of(uses.types), uses.answers()
    if as_json:
        document = {
            "types": [{**asdict(row), "byRow": row.by_row, "uses": uses.types[row.type]} for row in types],
            "functions": [{**asdict(each), "answered": each.answered} for each in functions],
            "otherPackages": sorted(uses.packages),
        }
        typer.echo(json.dumps(document, indent=2))
        return
    _show_coverage(types)
    if functions:
        table = Table("function", "answered", box=None)
        words = {
            "function": "yes",
            "lookup": "from the resources in the sandbox",
            "schema": "schema alone: plausible values",
            "": "no: the program fails there",
        }
        for each in functions:
            table.add_row(each.token, words[each.answered_by])
        Console().print(table)
    if uses.packages:
        typer.echo(f"Not in the sandbox; the real provider is used: {', '.join(sorted(uses.packages))}")
    by_schema, unanswered = (sum(each.answered_by == kind for each in functions) for kind in ("schema", ""))
    typer.echo(
        f"{sum(row.by_row for row in types)} of {len(types)} types have a row, the others work by their schema alone."
        f" {by_schema} of {len(functions)} functions are answered by their schema alone, {unanswered} are not answered."
    )


@faults_app.command("add")
def add_fault(
    operation: Annotated[str, typer.Argument(help=f"One of {', '.join(InjectedFault.OPERATIONS)}.")],
    kind: Annotated[
        str,
        typer.Argument(
            help="fail, lost (performed, reported as failed), timeout (performed, never ready), slow or"
            " rollback (an update fails and is undone)."
        ),
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
    """Arm the faults of a file. Each has the options of `add`: [{operation: create, kind: fail}]."""
    with _open() as cloud:
        try:
            listed = yaml.safe_load(file.read_text())
            faults = [InjectedFault(**entry) for entry in listed]
        except (yaml.YAMLError, TypeError) as error:
            raise ValueError(
                f"{file}: not a list of faults (got {error}). See `tierup sandbox faults load --help`."
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


def _assignment(text: str) -> tuple[str, Any]:
    """Return the path and the value of "path=value"; the value is None if it is empty. Raises ValueError."""
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise ValueError(f"PROPERTY: invalid (got '{text}'). Allowed is property=value.")
    return path, yaml.safe_load(value) if value else None


def _check_properties(resource: CloudResource) -> None:
    """Raise ValueError if the resource has an input that its type does not have, or of a wrong type."""
    from tierup.sandbox import validation
    from tierup.sandbox.behaviour import Call
    from tierup.sandbox.schema import schema

    call = Call(
        type=resource.type, urn=resource.urn, region=resource.region, account=resource.account,
        inputs=resource.inputs, cloud=Cloud(), seed="",
    )  # fmt: skip
    for rejection in validation.plan(call, schema(resource.type), None):
        raise ValueError(f"{rejection.path}: {rejection.message}")


def _with(values: Any, path: str, value: Any) -> Any:
    """Return a copy of nested values with one value set, or removed if `value` is None.

    A path is spelled as in error messages: "replicationSpecs[0].zoneName". Raises ValueError.
    """
    step, _, rest = path.replace("[", ".").replace("]", "").partition(".")
    if isinstance(values, list):
        if not step.isdecimal() or int(step) >= len(values):
            raise ValueError(f"PROPERTY: no such list element (got '{step}'). The list has {len(values)}.")
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
