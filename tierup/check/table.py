"""The report for a terminal: the checklist by item, then mandatory and advisory findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from policies.rule import Outcome
from tierup.check.result import CheckResult, Problem, Section, checklist, in_order, subject
from tierup.counting import counted
from tierup.deployment.errors import ExitCode

_SIGNS = {
    Outcome.FAIL: ("✗", "red"),
    Outcome.UNKNOWN: ("?", "yellow"),
    Outcome.SUPPRESSED: ("!", "yellow"),
    Outcome.PASS: ("✓", "green"),
    Outcome.NOT_APPLICABLE: ("·", "dim"),
}
_COLUMNS = (
    (Outcome.PASS, "pass"),
    (Outcome.FAIL, "fail"),
    (Outcome.SUPPRESSED, "suppressed"),
    (Outcome.UNKNOWN, "unknown"),
    (Outcome.NOT_APPLICABLE, "n/a"),
)
MAX_NAMED = 5
"""The number of unknown resources that are named for a rule, before the rest is counted."""


def show(console: Console, checked: CheckResult) -> None:
    """Print the whole report."""
    if len(checked.sections) == 1:
        _print_line(console, f"[bold]{escape(checked.sections[0].title)}[/bold]")
    console.print(_checklist(checked))
    if len(checked.sections) > 1:
        console.print(_overview(checked))
    for section in checked.sections:
        _section(console, checked, section)
    if len(checked.sections) > 1:
        _together(console, checked)
    if fixed := checked.fixed():
        _print_line(
            console,
            f"[dim]{counted(fixed, 'finding')} of the baseline {'is' if fixed == 1 else 'are'} fixed. Run with "
            "--write-baseline to remove fixed findings.[/dim]",
        )
    style = "red" if checked.code is not ExitCode.OK else "green"
    _print_line(console, f"[{style}]{escape(checked.verdict)}[/{style}]")


def _checklist(checked: CheckResult) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("")
    table.add_column("checklist", overflow="fold", min_width=24)
    for _, heading in _COLUMNS:
        table.add_column(heading, justify="right")
    for group, rows in groupby(checklist(checked.sections, checked.rules), key=lambda row: row.item.partition(": ")[0]):
        table.add_row("", f"[bold]{escape(group)}[/bold]")
        for row in rows:
            sign, style = _SIGNS[row.verdict]
            if row.verdict is Outcome.FAIL and row.advisory:
                style = "yellow"
            counts = [str(row.counts.get(outcome) or "") for outcome, _ in _COLUMNS]
            table.add_row(f"[{style}]{sign}[/{style}]", escape(row.item.partition(": ")[2]), *counts)
    return table


def _overview(checked: CheckResult) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("stack")
    table.add_column("", overflow="fold", min_width=24)
    for _, heading in _COLUMNS:
        table.add_column(heading, justify="right")
    for section in checked.sections:
        stack = f"{section.report.project}/{section.report.stack}"
        table.add_row(
            escape(stack), escape(section.source), *(str(len(section.of(outcome)) or "") for outcome, _ in _COLUMNS)
        )
    return table


def _section(console: Console, checked: CheckResult, section: Section) -> None:
    """Print the findings of one stack. With several stacks, advisory findings are printed together instead."""
    several = len(checked.sections) > 1
    problems = [p for p in section.problems(checked.baseline) if not (several and _is_advisory(checked, p))]
    unknown = [] if several else [each for each in in_order(section) if each.outcome is Outcome.UNKNOWN]
    if several and problems:
        _print_line(console, f"\n[bold]{escape(section.title)}[/bold]")
    for heading, style, chosen in (
        ("Mandatory", "red", [each for each in problems if each.mandatory and not each.suppressed]),
        ("Advisory", "yellow", [each for each in problems if not each.mandatory and not each.suppressed]),
        ("Suppressed by an exception", "dim", [each for each in problems if each.suppressed]),
    ):
        if chosen:
            _print_line(console, f"\n[bold]{heading}[/bold]")
        # The findings are in the checklist's order, grouped by rule.
        for _, findings in groupby(chosen, key=lambda problem: problem.rule.id):
            for line in _rule(list(findings), style):
                _print_line(console, line)
    if unknown:
        _print_line(console, "\n[bold]Unknown[/bold]")
        for rule, results in groupby(unknown, key=lambda result: result.rule):
            named = [f"{subject(each)}: {each.reason}" for each in results]
            more = f" … and {len(named) - MAX_NAMED} more" if len(named) > MAX_NAMED else ""
            _print_line(console, f"[yellow]? {escape(rule)}[/yellow] {escape('; '.join(named[:MAX_NAMED]))}{more}")
    if problems or unknown:
        _print_line(console, "")


def _together(console: Console, checked: CheckResult) -> None:
    """Print one line for each rule with advisory findings or unknown results, over several stacks."""
    advisory: dict[str, Counter[str]] = {}
    unknown: dict[str, Counter[str]] = {}
    for section in checked.sections:
        for problem in section.problems(checked.baseline):
            if _is_advisory(checked, problem):
                advisory.setdefault(problem.rule.id, Counter())[section.title] += 1
        for result in section.of(Outcome.UNKNOWN):
            unknown.setdefault(result.rule, Counter())[section.title] += 1
    for heading, sign, found in (("Advisory", "✗", advisory), ("Unknown", "?", unknown)):
        if found:
            _print_line(
                console, f"\n[bold]{heading}[/bold], counted over the stacks; check one stack alone for details"
            )
        for rule in (rule for rule in checked.rules if rule.id in found):
            counts = found[rule.id]
            where = f"{counts.total()} in {len(counts)} of {len(checked.sections)} stacks"
            _print_line(
                console,
                f"[yellow]{sign} {rule.id} {escape(rule.name)}[/yellow] {escape(rule.title)} [dim]{where}[/dim]",
            )
    if advisory or unknown:
        _print_line(console, "")


def _is_advisory(checked: CheckResult, problem: Problem) -> bool:
    return not (problem.mandatory or problem.suppressed or checked.fails(problem))


def _rule(problems: list[Problem], style: str) -> Iterator[str]:
    """Yield the lines of one violated rule: each resource with its findings, then the remediation."""
    rule = problems[0].rule
    sign = "!" if problems[0].suppressed else "✗"
    named = f"[{style}]{sign} {rule.id} {escape(rule.name)}[/{style}]"
    yield f"{named} [dim]{rule.severity}[/dim] {escape(rule.title)}"
    for _, of_one in groupby(problems, key=lambda problem: problem.result):
        yield from _resource(list(of_one))
    yield f"  [bold]→[/bold] {escape(rule.remediation)} [dim]tierup explain {escape(rule.id)}[/dim]"


def _resource(problems: Iterable[Problem]) -> Iterator[str]:
    problems = list(problems)
    result, locations = problems[0].result, problems[0].locations
    at = f" [cyan]{escape(str(locations[0]))}[/cyan]" if locations else ""
    yield f"  {escape(subject(result))}{at}"
    for problem in problems:
        known = " [dim](in the baseline)[/dim]" if problem.known else ""
        finding = problem.finding
        yield f"    {escape(finding.path)} is {escape(finding.found)}; wanted: {escape(finding.wanted)}{known}"
    if result.exception:
        yield f"    [dim]exception: {escape(result.exception)}[/dim]"
    if result.reason:
        yield f"    [dim]also unknown: {escape(result.reason)}[/dim]"


def _print_line(console: Console, line: str) -> None:
    console.print(line, highlight=False, soft_wrap=True)
