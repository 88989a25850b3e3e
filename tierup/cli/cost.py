"""`tierup cost`: the fixed monthly cost of a phase and tier at list prices, and the usage-based cost."""

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
    from tierup.cost.rules import PricedResource
    from tierup.cost.usage import UsageLine
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
UsageFile = Annotated[
    Path | None, typer.Option("--usage", metavar="FILE", help="Read the assumptions on usage from a YAML file.")
]
WriteUsage = Annotated[
    Path | None, typer.Option("--write-usage", metavar="FILE", help="Write the default assumptions to a new file.")
]
FreeTier = Annotated[
    bool, typer.Option("--free-tier", help="Subtract the free allowances of each month, which one account has once.")
]
FrontendHost = Annotated[
    str, typer.Option("--frontend-host", help="What serves the frontend: aws, vercel or netlify (phase mvp).")
]
BackendHost = Annotated[
    str, typer.Option("--backend-host", help="What runs the API: aws, render or railway (phase mvp).")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Another setting of the stack, such as orchestrator=eks or sizeOverrides.tasks=3. Repeat for several.",
    ),
]
Guide = Annotated[bool, typer.Option("--guide", help="Compare the scaling guide's cost tables part by part.")]


def cost(
    phase: OnlyPhase = None,
    tier: OnlyTier = None,
    region: Region = "us-east-1",
    as_json: AsJson = False,
    diff: Diff = None,
    format_: DiffFormat = None,
    usage: UsageFile = None,
    write_usage: WriteUsage = None,
    free_tier: FreeTier = False,
    guide: Guide = False,
    frontend_host: FrontendHost = "aws",
    backend_host: BackendHost = "aws",
    settings: Set = None,
    cwd: Cwd = None,
) -> None:
    """Show the monthly cost of each phase and tier at list prices.

    With --phase and --tier it also shows the usage-based cost. The estimate is for default settings, which --set
    changes, and needs no engine, sandbox or account. Accounts that settings require are filled in. Exit codes: 0
    success; 2 settings that the program rejects together, a wrong file, or a region without prices. With --diff, each
    side has the prices of its own region if there are any, and those of --region otherwise.
    """
    from tierup.cost.estimate import estimate
    from tierup.cost.prices import REGIONS
    from tierup.mocked_program import list_resources
    from tierup.program_settings import BackendHost, FrontendHost, Phase, RejectedSettingsError, Tier

    _check("--frontend-host", frontend_host, list(FrontendHost))
    _check("--backend-host", backend_host, list(BackendHost))
    _check("--phase", phase, list(Phase))
    _check("--tier", tier, list(Tier))
    _check("--region", region, REGIONS)
    if diff or format_:
        alone = {"--phase": phase, "--tier": tier, "--set": settings}
        _show_difference(diff, alone, region=region, as_json=as_json, format_=format_, cwd=cwd)
        return
    with handle_errors(as_json=as_json):
        _check_usage(usage, write_usage)
        if write_usage is not None:
            return
        changed = _changed(settings or [], frontend_host, backend_host)
    if guide:
        _show_guide(tier, region, as_json=as_json)
        return
    found: dict[tuple[Phase, Tier], Estimate | str] = {}
    by_use: dict[tuple[Phase, Tier], Sequence[UsageLine]] = {}
    for each_phase in [Phase(phase)] if phase else Phase:
        for each_tier in [Tier(tier)] if tier else Tier:
            try:
                resources = list_resources(each_phase, each_tier, region, **changed)
                found[each_phase, each_tier] = estimate(resources, region)
                by_use[each_phase, each_tier] = _by_use(resources, region, usage, each_tier, free_tier=free_tier)
            except RejectedSettingsError as error:
                found[each_phase, each_tier] = str(error)
    if phase and tier:
        key = Phase(phase), Tier(tier)
        _show_one(*key, region, found[key], by_use.get(key, ()), as_json=as_json, free_tier=free_tier)
    elif as_json:
        documents = [
            _document(*key, region, estimated, by_use.get(key, ()), free_tier) for key, estimated in found.items()
        ]
        typer.echo(json.dumps(documents, indent=2))
    else:
        _show_all(found, by_use, region, with_usage=free_tier or usage is not None, free_tier=free_tier)


def _changed(pairs: Sequence[str], frontend_host: str, backend_host: str) -> Mapping[str, str]:
    """Return the settings of the options as texts, by key without namespace. Raises CommandError."""
    from tierup.cli.changed_settings import changed_settings
    from tierup.program_settings import NAMESPACE
    from tierup.switch.config_values import raw_text, with_values

    hosts = {"frontendHost": frontend_host, "backendHost": backend_host}
    given = {f"{NAMESPACE}:{key}": value for key, value in hosts.items() if value != "aws"}
    texts, _ = raw_text(with_values(given, changed_settings(pairs)))
    for key in texts:
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE or name in ("phase", "tier"):
            raise usage_error(
                f"--set: not a setting of {NAMESPACE} that can be changed here (got {key}). Use --phase, --tier and "
                "--region for these."
            )
    return {key.partition(":")[2]: text for key, text in texts.items()}


def _check_usage(usage: Path | None, write_usage: Path | None) -> None:
    """Check the file of assumptions before the program runs, or write one. Raises CommandError."""
    from tierup.cli.cost_usage import usage_of, write_usage_file
    from tierup.program_settings import Tier

    if write_usage is not None:
        write_usage_file(write_usage)
        typer.echo(f"Wrote {write_usage}.", err=True)
    if usage is not None:
        for each in Tier:
            usage_of(usage, each)


def _by_use(
    resources: Sequence[PricedResource], region: str, usage: Path | None, tier: Tier, *, free_tier: bool
) -> Sequence[UsageLine]:
    from tierup.cli.cost_usage import lines_of

    return lines_of(resources, region, usage, tier, free_tier=free_tier)


def _show_guide(tier: str | None, region: str, *, as_json: bool) -> None:
    from tierup.cli.cost_usage import GUIDE_HEAD, guide_document, guide_rows
    from tierup.cost.estimate import estimate
    from tierup.cost.guide import CASES, compare_with_guide
    from tierup.mocked_program import list_resources
    from tierup.program_settings import Phase, Tier

    documents: list[Mapping[str, Any]] = []
    for case in CASES:
        if tier not in (None, case.tier):
            continue
        resources = list_resources(Phase(case.phase), Tier(case.tier), region, **case.settings)
        rows = compare_with_guide(case, estimate(resources, region))
        if as_json:
            head = {"phase": case.phase, "tier": case.tier, "settings": dict(case.settings)}
            documents.append({**head, "parts": guide_document(rows)})
            continue
        typer.echo(f"Tier {case.tier} of the guide, and tierup with {case.title}; {region}, USD a month:\n")
        _table(GUIDE_HEAD, guide_rows(rows))
        typer.echo()
    if as_json:
        typer.echo(json.dumps(documents, indent=2))


def _show_difference(
    sides: tuple[str, str] | None,
    unused: dict[str, Any],
    *,
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
        check_alone(unused)
        print_difference(*sides, region=region, format_="json" if as_json else format_ or "table", cwd=cwd)


def _check(option: str, given: str | None, allowed: Sequence[str]) -> None:
    if given is not None and given not in list(allowed):
        typer.echo(f"{option}: not supported (got {given}). Allowed: {', '.join(allowed)}.", err=True)
        raise typer.Exit(2)


def _show_one(
    phase: Phase,
    tier: Tier,
    region: str,
    estimated: Estimate | str,
    by_use: Sequence[UsageLine],
    *,
    as_json: bool,
    free_tier: bool,
) -> None:
    if isinstance(estimated, str):
        typer.echo(estimated, err=True)
        raise typer.Exit(2)
    if as_json:
        typer.echo(json.dumps(_document(phase, tier, region, estimated, by_use, free_tier), indent=2))
        return
    rows = [_row(line) for line in _by_cost(estimated.lines)]
    _table((f"{phase} / {tier}, {region}", "what", "quantity", "USD a month"), rows)
    by_provider = ", ".join(f"{name} {_usd(estimated.usd(name))}" for name in estimated.providers)
    typer.echo(f"\n{by_provider}, total {_usd(estimated.usd())}")
    typer.echo(f"The guide estimates about {GUIDE_USD[tier]:,} for the tier.")
    from tierup.cli.cost_usage import UNREAD, USAGE_HEAD, usage_rows
    from tierup.cost.usage import free_fixed_usd, total_usd

    typer.echo("\nBilled by usage, in addition; --usage FILE changes the assumptions:")
    _table(USAGE_HEAD, usage_rows(by_use))
    fixed = estimated.usd() - (free_fixed_usd(estimated.lines) if free_tier else 0)
    low, expected, high = (float(fixed) + each for each in total_usd(by_use))
    typer.echo(f"\nFixed and usage-based: {expected:,.0f} expected, {low:,.0f} to {high:,.0f}.")
    if free_tier:
        typer.echo(f"The free allowances are subtracted, of the fixed cost {_usd(free_fixed_usd(estimated.lines))}.")
    if any(not line.price.is_read for line in (*estimated.lines, *by_use)):
        typer.echo(UNREAD)
    _limits(estimated, by_use=True)


def _show_all(
    found: Mapping[tuple[Phase, Tier], Estimate | str],
    by_use: Mapping[tuple[Phase, Tier], Sequence[UsageLine]],
    region: str,
    *,
    with_usage: bool,
    free_tier: bool,
) -> None:
    head = ("phase", "tier", "AWS", "MongoDB Atlas", "USD a month", "the guide")
    rows: list[Sequence[str]] = []
    for (phase, tier), estimated in found.items():
        more = _with_usage(estimated, by_use.get((phase, tier), ()), free_tier=free_tier) if with_usage else ()
        rows.append((phase.value, tier.value, *_sums(estimated), f"{GUIDE_USD[tier]:,}", *more))
    _table((*head, *(("with use: low", "expected", "high") if with_usage else ())), rows)
    typer.echo(f"\nList prices of {region}. `tierup cost --phase mvp --tier small` shows each line.")
    _limits(*(estimated for estimated in found.values() if not isinstance(estimated, str)))


def _with_usage(estimated: Estimate | str, by_use: Sequence[UsageLine], *, free_tier: bool) -> Sequence[str]:
    from tierup.cost.usage import free_fixed_usd, total_usd

    if isinstance(estimated, str):
        return "", "", ""
    fixed = estimated.usd() - (free_fixed_usd(estimated.lines) if free_tier else 0)
    return tuple(f"{float(fixed) + each:,.2f}" for each in total_usd(by_use))


def _sums(estimated: Estimate | str) -> tuple[str, str, str]:
    if isinstance(estimated, str):
        return "rejected", "", ""
    return _usd(estimated.usd("AWS")), _usd(estimated.usd("MongoDB Atlas")), _usd(estimated.usd())


def _limits(*estimates: Estimate, by_use: bool = False) -> None:
    from tierup.cost.estimate import BY_USE_IS_APART, NOT_COUNTED

    typer.echo("\nNot included:")
    for each in NOT_COUNTED if by_use else (BY_USE_IS_APART, *NOT_COUNTED):
        typer.echo(f"  {each}")
    for each in sorted({each for estimated in estimates for each in estimated.unpriced}):
        typer.echo(f"  no price available: {each}")


def _by_cost(lines: Sequence[Line]) -> Sequence[Line]:
    return sorted(lines, key=lambda line: (-line.usd, line.name, line.price.key))


def _row(line: Line) -> tuple[str, str, str, str]:
    what = line.price.what if line.price.is_read else f"{line.price.what} *"
    return line.name, what, _quantity(line.quantity), _usd(line.usd)


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


def _document(
    phase: Phase, tier: Tier, region: str, estimated: Estimate | str, by_use: Sequence[UsageLine], free_tier: bool
) -> dict[str, Any]:
    from tierup.cli.cost_usage import free_document, usage_document
    from tierup.cost.hosts import PROVIDERS
    from tierup.cost.usage import LEVELS, total_usd

    head = {"phase": phase.value, "tier": tier.value, "region": region, "guide_usd": GUIDE_USD[tier]}
    if isinstance(estimated, str):
        return {**head, "rejected": estimated}
    return {
        **head,
        "usd_a_month": {
            "aws": float(round(estimated.usd("AWS"), 2)),
            "mongodb_atlas": float(round(estimated.usd("MongoDB Atlas"), 2)),
            **{
                name.lower(): float(round(estimated.usd(name), 2))
                for name in estimated.providers
                if name in PROVIDERS.values()
            },
            "all": float(round(estimated.usd(), 2)),
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
                "from_memory": not line.price.is_read,
            }
            for line in _by_cost(estimated.lines)
        ],
        "by_use": usage_document(by_use),
        "by_use_usd_a_month": {level: round(value, 2) for level, value in zip(LEVELS, total_usd(by_use), strict=True)},
        **({"free_tier": free_document(estimated)} if free_tier else {}),
        "unpriced": list(estimated.unpriced),
    }
