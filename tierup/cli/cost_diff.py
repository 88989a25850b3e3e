"""`tierup cost --diff`: the change of the fixed monthly cost between two stacks, settings files or saved states."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from tierup.cli.errors import usage_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tierup.cost.diff import CostDifference, CostSide
    from tierup.cost.rules import PricedResource
    from tierup.deployment.project import Project

_AWS_PROVIDER: Final = "pulumi:providers:aws"
_STACK: Final = "pulumi:pulumi:Stack"
_NOT_CHARGED: Final = ("pulumi:", "tierup:")  # the stack, providers and components


class DiffFormat(StrEnum):
    """The formats of a cost difference."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def print_difference(before: str, after: str, *, region: str, format_: str, cwd: Path | None) -> None:
    """Print the difference of two sides. Raises CommandError."""
    from tierup.cost.diff import CostDifference, as_markdown

    if format_ not in list(DiffFormat):
        raise usage_error(f"--format: not supported (got {format_}). Allowed: {', '.join(DiffFormat)}.")
    difference = CostDifference(before=_side(before, region, cwd), after=_side(after, region, cwd))
    match DiffFormat(format_):
        case DiffFormat.JSON:
            typer.echo(json.dumps(difference.as_document(), indent=2))
        case DiffFormat.MARKDOWN:
            typer.echo(as_markdown(difference.as_document()), nl=False)
        case DiffFormat.TABLE:
            _print_table(difference)


def _side(given: str, region: str, cwd: Path | None) -> CostSide:
    """Return one side: a stack's name, a settings file, or a file with a saved state or preview."""
    from policies.values import UnknownValue
    from tierup.cost.diff import CostSide
    from tierup.cost.estimate import estimate
    from tierup.cost.prices import REGIONS

    path = Path(given)
    if path.suffix == ".json":
        resources, own_region = _saved(path)
    elif path.suffix in (".yaml", ".yml"):
        resources, own_region = _of_settings_file(path)
    else:
        resources, own_region = _of_stack(given, cwd)
    priced_region = own_region if own_region in REGIONS else region
    try:
        estimated = estimate(resources, priced_region)
    except (KeyError, TypeError, ValueError, RuntimeError, UnknownValue) as error:
        raise usage_error(
            f"--diff: the resources cannot be priced (got {type(error).__name__}: {error} in {given}). "
            "Give a state or a preview of a tierup program."
        ) from error
    return CostSide(source=given, region=priced_region, estimate=estimated)


def _of_stack(stack: str, cwd: Path | None) -> tuple[Sequence[PricedResource], str | None]:
    from tierup.deployment import project as projects

    projects.check_stack_name(stack)
    return _planned(projects.find(cwd or Path.cwd()), stack)


def _of_settings_file(path: Path) -> tuple[Sequence[PricedResource], str | None]:
    """Return the resources of `Pulumi.<stack>.yaml`. The project is the nearest one to the file."""
    from tierup.deployment import project as projects

    prefix, _, stack = path.stem.partition(".")
    if prefix != "Pulumi" or not stack:
        raise usage_error(f"--diff: not a settings file (got {path}). Give a file named Pulumi.<stack>.yaml.")
    if not path.is_file():
        raise usage_error(f"--diff: no such file (got {path}). Give a settings file, a saved state or a stack.")
    return _planned(projects.find(path.absolute().parent), stack)


def _planned(project: Project, stack: str) -> tuple[Sequence[PricedResource], str | None]:
    from tierup.preflight.check import CheckNotPossibleError
    from tierup.preflight.stack_plan import list_planned_resources, read_plan

    plan = read_plan(project, stack)
    try:
        return list_planned_resources(plan), plan.region
    except CheckNotPossibleError as error:
        raise usage_error(f"--diff: the resources of stack {stack} are not known. {error}") from error


def _saved(path: Path) -> tuple[Sequence[PricedResource], str | None]:
    from policies.state import StateError, read
    from tierup.cost.rules import PricedResource

    try:
        saved = read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise usage_error(
            f"--diff: no such file (got {path}). Give a settings file, a saved state or a stack."
        ) from error
    except StateError as error:
        raise usage_error(f"{path}: {str(error).removeprefix('document: ')}") from error
    except ValueError as error:
        raise usage_error(f"{path}: not JSON (got {error}). Give a saved state or preview.") from error
    region = next((each.properties.get("region") for each in saved.resources if each.type == _AWS_PROVIDER), None)
    parents = {each.urn: each.parent for each in saved.resources}
    resources: list[PricedResource] = []
    for each in saved.resources:
        if each.type.startswith(_NOT_CHARGED):
            continue
        parent = parents[each.urn]
        component = _type_of(parent)
        resources.append(
            PricedResource(
                type=each.type,
                name=each.name,
                component="" if component == _STACK else component,
                parent="" if component == _STACK else parent.rpartition("::")[2],
                inputs=each.properties,
            )
        )
    return resources, region if isinstance(region, str) else None


def _type_of(urn: str) -> str:
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""


def _print_table(difference: CostDifference) -> None:
    from tierup.cost.diff import signed

    rows: list[tuple[str, str, str, str]] = [("resource", "what", "before → after", "USD a month")]
    for each in difference.lines:
        quantities = " → ".join("none" if side is None else f"{side.quantity:g}" for side in (each.before, each.after))
        rows.append((each.line.name, each.line.price.what, quantities, signed(each.usd)))
    if len(rows) > 1:
        widths = [max(len(row[n]) for row in rows) for n in range(3)]
        for row in rows:
            typer.echo("  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3])))
        typer.echo()
    else:
        typer.echo("No line with a fixed monthly cost changes.")
    before, after = difference.before, difference.after
    typer.echo(
        f"{before.source} {before.estimate.usd():,.2f}, {after.source} {after.estimate.usd():,.2f}, "
        f"difference {signed(difference.usd)} USD a month"
    )
    for heading, prices in (("New", difference.by_use_added), ("No longer", difference.by_use_removed)):
        for price in prices:
            typer.echo(f"{heading} billed by usage: {price.what}: {price.usd.normalize():f} per {price.per}")
    for each in difference.unpriced:
        typer.echo(f"No price available: {each}")
    regions = sorted({before.region, after.region})
    typer.echo(f"List prices of {' and '.join(regions)}.")


def check_alone(options: dict[str, Any]) -> None:
    """Raise CommandError if an option is given that --diff does not use."""
    given = [option for option, value in options.items() if value]
    if given:
        raise usage_error(f"--diff: not allowed with {given[0]} (got both). Omit one of them.")
