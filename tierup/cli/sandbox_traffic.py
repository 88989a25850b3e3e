"""`tierup sandbox trace`, `traffic`, `timeline` and `conditions`: whether requests arrive in the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tierup.cli.options import AsJson
from tierup.cli.sandbox_cloud import open_cloud
from tierup.deployment.traffic import duration_text, traffic_lines
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic import Evaluator, Timeline, evaluate, replay, world_of
from tierup.sandbox.traffic.alarms import firing_alarms
from tierup.sandbox.traffic.conditions import Condition, ConditionKind
from tierup.sandbox.traffic.evaluation import Report
from tierup.sandbox.traffic.flow import FlowResult
from tierup.sandbox.traffic.hop import Verdict
from tierup.sandbox.traffic.picture import mermaid
from tierup.sandbox.traffic.tracing import trace_task, trace_url

_STYLE = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.UNKNOWN: "yellow"}
_WIDTH = 60  # characters of a Gantt bar

conditions_app = typer.Typer(
    help="Inject conditions such as stopped tasks or a failed zone.",
    no_args_is_help=True,
)


def trace(
    url: Annotated[str | None, typer.Argument(help="A URL that a browser requests.")] = None,
    country: Annotated[str | None, typer.Option("--from", help="The client's country, such as DE.")] = None,
    method: Annotated[str, typer.Option(help="The request's method.")] = "GET",
    cached_dns: Annotated[
        bool, typer.Option("--cached-dns", help="A client that resolved the name before the last run.")
    ] = False,
    from_task: Annotated[str | None, typer.Option("--from-task", help="A service or scheduled task.")] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Its destination: database, cache, internet, logs, a service …")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Write the hops as a Mermaid diagram to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show hop by hop whether a request arrives. The exit code is 1 if it does not, or if that is unknown."""
    with open_cloud() as cloud:
        if (url is None) == (from_task is None) or (from_task is None) != (to is None):
            raise ValueError(
                f"URL, --from-task: not exactly one (got {url or 'no URL'} and {from_task or 'no task'})."
                " Give a URL, or --from-task with --to."
            )
        if url is not None:
            if urlsplit(url).scheme not in ("http", "https", "ws", "wss") or not urlsplit(url).hostname:
                raise ValueError(f"URL: not a URL (got '{url}'). Allowed are http, https, ws and wss URLs.")
            results = [trace_url(cloud, url, method=method.upper(), country=country, cached=cached_dns)]
        else:
            results = trace_task(cloud, from_task or "", to or "")
    if picture is not None:
        picture.write_text("\n".join(mermaid(result) for result in results), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps([result.as_document() for result in results], indent=2))
    else:
        for result in results:
            print_result(Console(), result)
    if any(result.verdict is not Verdict.PASS for result in results):
        raise typer.Exit(1)


def print_result(console: Console, result: FlowResult) -> None:
    """Print a flow hop by hop."""
    console.print(f"[bold]{escape(result.flow.id)}[/bold]", highlight=False, soft_wrap=True)
    width = max((len(hop.name) for hop in result.hops), default=0)
    for hop in result.hops:
        style = _STYLE[hop.verdict]
        place = f" [dim]({escape(hop.resource)}, {escape(hop.property)})[/dim]" if hop.resource else ""
        console.print(
            f"  [{style}]{hop.verdict.value:<7}[/{style}] {hop.name:<{width}}  {escape(hop.reason)}{place}",
            highlight=False,
            soft_wrap=True,
        )
    ending = {Verdict.PASS: "arrives", Verdict.FAIL: "does not arrive", Verdict.UNKNOWN: "is unknown"}[result.verdict]
    console.print(f"The request {ending}.", style=_STYLE[result.verdict], highlight=False)


def traffic(
    stack: Annotated[str, typer.Option("--stack", "-s", help="Only the flows of this stack.")] = "",
    as_json: AsJson = False,
) -> None:
    """List every flow of the sandbox, and whether it arrives. The exit code is 1 if one fails or a forbidden one is
    open."""
    with open_cloud() as cloud:
        every = evaluate(cloud).results
    report = Report(tuple(each for each in every if not stack or f":{stack}::" in each.flow.stack))
    if as_json:
        typer.echo(json.dumps([each.as_document() for each in report.results], indent=2))
    else:
        table = Table("state", "flow", "reason", box=None)
        for each in report.results:
            decisive = each.decisive if not each.flow.forbidden or each.verdict is Verdict.UNKNOWN else None
            table.add_row(_state(each), escape(each.flow.id), escape(decisive.reason) if decisive else "")
        Console().print(table)
        typer.echo(
            f"{len(report.served)} served, {len(report.failed)} failed, {len(report.closed)} forbidden and closed,"
            f" {len(report.opened)} forbidden and open, {len(report.unknown)} unknown"
        )
    if report.failed or report.opened:
        raise typer.Exit(1)


def _state(result: FlowResult) -> str:
    if result.verdict is Verdict.UNKNOWN:
        return "[yellow]unknown[/yellow]"
    good = (result.verdict is Verdict.PASS) is not result.flow.forbidden
    words = ("closed", "open") if result.flow.forbidden else ("served", "failed")
    return f"[green]{words[0]}[/green]" if good else f"[red]{words[1]}[/red]"


def timeline(as_json: AsJson = False) -> None:
    """Show the last run with its durations on the real clouds. Includes the interruptions of its flows."""
    with open_cloud() as cloud:
        found = replay(cloud)
        if found is None:
            raise ValueError("timeline: no run is recorded (got none). Run `tierup up --sandbox` first.")
    if as_json:
        typer.echo(json.dumps(found.as_document(), indent=2))
        return
    print_timeline(Console(), found)


def print_timeline(console: Console, found: Timeline) -> None:
    """Print a timeline as a Gantt chart in text."""
    total = max(found.seconds, 1)
    console.print(f"{found.label or 'Changes outside tierup'}: {duration_text(found.seconds)} on the real clouds")
    table = Table("begin", "duration", "operation", "", box=None)
    for step in sorted(found.steps, key=lambda each: (each.begin, each.end, each.name)):
        bar = _bar(step.begin, step.end, total, "█")
        table.add_row(_clock(step.begin), duration_text(step.end - step.begin), f"{step.kind} {escape(step.name)}", bar)
    for each in found.interruptions:
        end = each.end if each.end is not None else max(found.seconds, each.begin)
        table.add_row(
            _clock(each.begin),
            duration_text(each.seconds) if each.seconds is not None else "lasts",
            f"[red]{'opened' if each.forbidden else 'interrupted'}: {escape(each.flow)} ({each.clients})[/red]",
            f"[red]{_bar(each.begin, min(end, total), total, '░')}[/red]",
        )
    console.print(table)
    for line in traffic_lines(found):
        console.print(escape(line), highlight=False, soft_wrap=True)


def _bar(begin: int, end: int, total: int, block: str) -> str:
    first = min(begin * _WIDTH // total, _WIDTH - 1)
    return " " * first + block * max(1, (end - begin) * _WIDTH // total)


def _clock(seconds: int) -> str:
    return f"{seconds // 60:3d}:{seconds % 60:02d}"


# --- conditions ---

Kind = Annotated[ConditionKind, typer.Argument(help=f"One of {', '.join(ConditionKind)}.")]
Target = Annotated[
    str, typer.Argument(help="A service, certificate, host name or cluster by its name, or an Availability Zone.")
]


@conditions_app.command("add")
def add_condition(kind: Kind, target: Target, as_json: AsJson = False) -> None:
    """Add a condition. Shows which flows stop and which alarms go to ALARM."""
    with open_cloud() as cloud:
        before = evaluate(cloud)
        _check_target(cloud, kind, target)
        cloud.set_condition(kind.value, target, holds=True)
        world = world_of(cloud)
        after = Evaluator(world).report()
        alarms = firing_alarms(world, after)
    stopped = [each for each in after.failed if each.flow.id in {one.flow.id for one in before.served}]
    if as_json:
        document = {
            "condition": {"kind": kind.value, "target": target},
            "stopped": [each.as_document() for each in stopped],
            "alarms": [alarm.as_document() for alarm in alarms],
        }
        typer.echo(json.dumps(document, indent=2))
        return
    console = Console()
    typer.echo(f"Condition added: {kind.value} {target}")
    for each in stopped:
        hop = each.decisive
        console.print(
            f"  [red]stops[/red]: {escape(each.flow.id)}: {escape(hop.reason if hop else '')}", soft_wrap=True
        )
    if not stopped:
        typer.echo("  No flow stops.")
    for alarm in alarms:
        console.print(f"  [yellow]ALARM[/yellow]: {escape(alarm.name)}: {escape(alarm.reason)}", soft_wrap=True)
    if not alarms:
        typer.echo("  No alarm goes to ALARM.")


def _check_target(cloud: Cloud, kind: ConditionKind, target: str) -> None:
    """Raise ValueError for a target that nothing in the sandbox has."""
    known = world_of(cloud).targets(kind)
    if target not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise ValueError(f"TARGET: nothing in the sandbox has this name (got '{target}'). Possible targets: {listed}.")


@conditions_app.command("ls")
def list_conditions(as_json: AsJson = False) -> None:
    """List the conditions that hold."""
    with open_cloud() as cloud:
        found = [Condition(ConditionKind(kind), target) for kind, target in cloud.conditions()]
    if as_json:
        typer.echo(json.dumps([{"kind": each.kind.value, "target": each.target} for each in found], indent=2))
        return
    for each in found:
        typer.echo(f"{each.kind.value} {each.target}")
    typer.echo(f"{len(found)} conditions hold")


@conditions_app.command("clear")
def clear_conditions() -> None:
    """Clear all conditions."""
    with open_cloud() as cloud:
        for kind, target in cloud.conditions():
            cloud.set_condition(kind, target, holds=False)
    typer.echo("0 conditions hold")
