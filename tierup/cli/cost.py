"""`tierup cost`: the fixed monthly cost of a phase and tier, at list prices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import Cwd

if TYPE_CHECKING:
    from tierup.cost.estimate import Estimate, Line
    from tierup.program_settings import Phase, Tier

GUIDE_USD: Final[Mapping[str, int]] = {"small": 120, "medium": 580, "large": 3_700}
"""US dollars a month for each tier, from the production scaling guide's Cost Estimates (version 1.0)."""

OnlyPhase = Annotated[str | None, typer.Option("--phase", help="Only this phase.")]
OnlyTier = Annotated[str | None, typer.Option("--tier", help="Only this tier; with --phase, line by line.")]
Region = Annotated[str, typer.Option("--region", help="The region of the prices: us-east-1 or eu-west-1.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Diff = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--diff",
        metavar="A B",
        help="Show the difference from A to B, line by line: each is a stack, a settings file Pulumi.<stack>.yaml, or "
        "a saved state or preview (*.json).",
    ),
]
DiffFormat = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="With --diff: table, json or markdown.", show_default="table"),
]


def cost(
    phase: OnlyPhase = None,
    tier: OnlyTier = None,
    region: Region = "us-east-1",
    as_json: AsJson = False,
    diff: Diff = None,
    format_: DiffFormat = None,
    cwd: Cwd = None,
) -> None:
    """Show the fixed monthly cost of each phase and tier, at list prices.

    The estimate is for default settings, and needs no engine, sandbox or account. Exit codes: 0 success; 2 a phase and
    tier that the program rejects together, or a region without prices. With --diff, each side has the prices of its
    own region if there are any, and those of --region otherwise.
    """
    from tierup.cost.estimate import estimate
    from tierup.cost.prices import REGIONS
    from tierup.mocked_program import list_resources
    from tierup.program_settings import Phase, RejectedSettingsError, Tier

    _check("--phase", phase, list(Phase))
    _check("--tier", tier, list(Tier))
    _check("--region", region, REGIONS)
    if diff or format_:
        _show_difference(diff, phase=phase, tier=tier, region=region, as_json=as_json, format_=format_, cwd=cwd)
        return
    found: dict[tuple[Phase, Tier], Estimate | str] = {}
    for each_phase in [Phase(phase)] if phase else Phase:
        for each_tier in [Tier(tier)] if tier else Tier:
            try:
                resources = list_resources(each_phase, each_tier, region)
                found[each_phase, each_tier] = estimate(resources, region)
            except RejectedSettingsError as error:
                found[each_phase, each_tier] = str(error)
    if phase and tier:
        _show_one(Phase(phase), Tier(tier), region, found[Phase(phase), Tier(tier)], as_json=as_json)
    elif as_json:
        typer.echo(json.dumps([_document(*key, region, of) for key, of in found.items()], indent=2))
    else:
        _show_all(found, region)


def _show_difference(
    sides: tuple[str, str] | None,
    *,
    phase: str | None,
    tier: str | None,
    region: str,
    as_json: bool,
    format_: str | None,
    cwd: Path | None,
) -> None:
    with handle_errors(as_json=as_json or format_ == "json"):
        from tierup.cli.cost_diff import check_alone, print_difference

        if sides is None:
            raise usage_error(f"--format: only allowed with --diff (got {format_}). Add --diff A B, or omit it.")
        if as_json and format_ not in (None, "json"):
            raise usage_error(f"--json: not allowed with another format (got --format {format_}). Omit one of them.")
        check_alone({"--phase": phase, "--tier": tier})
        print_difference(*sides, region=region, format_="json" if as_json else format_ or "table", cwd=cwd)


def _check(option: str, given: str | None, allowed: Sequence[str]) -> None:
    if given is not None and given not in list(allowed):
        typer.echo(f"{option}: not supported (got {given}). Allowed: {', '.join(allowed)}.", err=True)
        raise typer.Exit(2)


def _show_one(phase: Phase, tier: Tier, region: str, of: Estimate | str, *, as_json: bool) -> None:
    if isinstance(of, str):
        typer.echo(of, err=True)
        raise typer.Exit(2)
    if as_json:
        typer.echo(json.dumps(_document(phase, tier, region, of), indent=2))
        return
    rows = [_row(line) for line in _by_cost(of.lines)]
    _table((f"{phase} / {tier}, {region}", "what", "quantity", "USD a month"), rows)
    typer.echo(f"\nAWS {_usd(of.usd('AWS'))}, MongoDB Atlas {_usd(of.usd('MongoDB Atlas'))}, total {_usd(of.usd())}")
    typer.echo(f"The guide estimates about {GUIDE_USD[tier]:,} for the tier.")
    typer.echo("\nBilled by usage, in addition:")
    for price in of.by_use:
        typer.echo(f"  {price.what}: {price.usd.normalize():f} per {price.per}")
    _limits(of)


def _show_all(found: Mapping[tuple[Phase, Tier], Estimate | str], region: str) -> None:
    rows = [(phase.value, tier.value, *_sums(of), f"{GUIDE_USD[tier]:,}") for (phase, tier), of in found.items()]
    _table(("phase", "tier", "AWS", "MongoDB Atlas", "USD a month", "the guide"), rows)
    typer.echo(f"\nList prices of {region}. `tierup cost --phase mvp --tier small` shows each line.")
    _limits(*(of for of in found.values() if not isinstance(of, str)))


def _sums(of: Estimate | str) -> tuple[str, str, str]:
    if isinstance(of, str):
        return "rejected", "", ""
    return _usd(of.usd("AWS")), _usd(of.usd("MongoDB Atlas")), _usd(of.usd())


def _limits(*estimates: Estimate) -> None:
    from tierup.cost.estimate import NOT_COUNTED

    typer.echo("\nNot included:")
    for each in NOT_COUNTED:
        typer.echo(f"  {each}")
    for each in sorted({each for of in estimates for each in of.unpriced}):
        typer.echo(f"  no price available: {each}")


def _by_cost(lines: Sequence[Line]) -> Sequence[Line]:
    return sorted(lines, key=lambda line: (-line.usd, line.name, line.price.key))


def _row(line: Line) -> tuple[str, str, str, str]:
    return line.name, line.price.what, _quantity(line.quantity), _usd(line.usd)


def _usd(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _quantity(quantity: Decimal) -> str:
    return f"{quantity:,.2f}".rstrip("0").rstrip(".")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose numeric columns are aligned right."""
    lines = [head, *rows]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    for line in lines:
        cells = [
            cell.rjust(width) if _is_numeric(n, rows) else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        typer.echo("  ".join(cells).rstrip())


def _is_numeric(column: int, rows: Sequence[Sequence[str]]) -> bool:
    return any(row[column].replace(",", "").replace(".", "").isdigit() for row in rows)


def _document(phase: Phase, tier: Tier, region: str, of: Estimate | str) -> dict[str, Any]:
    head = {"phase": phase.value, "tier": tier.value, "region": region, "guide_usd": GUIDE_USD[tier]}
    if isinstance(of, str):
        return {**head, "rejected": of}
    return {
        **head,
        "usd_a_month": {
            "aws": float(round(of.usd("AWS"), 2)),
            "mongodb_atlas": float(round(of.usd("MongoDB Atlas"), 2)),
            "all": float(round(of.usd(), 2)),
        },
        "lines": [
            {
                "component": line.component,
                "name": line.name,
                "what": line.price.what,
                "quantity": float(round(line.quantity, 4)),
                "usd_a_month": float(round(line.usd, 2)),
                "source": line.price.source,
                "read": line.price.read,
            }
            for line in _by_cost(of.lines)
        ],
        "by_use": [
            {"what": price.what, "per": price.per, "usd": float(price.usd), "source": price.source, "read": price.read}
            for price in of.by_use
        ],
        "unpriced": list(of.unpriced),
    }
