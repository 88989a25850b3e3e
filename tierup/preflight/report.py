"""The report of a preflight: a table and a JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tierup.preflight.check import PreflightResult, PreflightStatus

_STYLES: Final = {
    PreflightStatus.PASS: "green",
    PreflightStatus.WARN: "yellow",
    PreflightStatus.FAIL: "red",
    PreflightStatus.UNKNOWN: "magenta",
    PreflightStatus.SKIPPED: "dim",
}


def problems(results: Sequence[PreflightResult]) -> Sequence[PreflightResult]:
    """Return the results that need attention: fail, warn and unknown."""
    quiet = (PreflightStatus.PASS, PreflightStatus.SKIPPED)
    return [result for result in results if result.status not in quiet]


def count_by_status(results: Sequence[PreflightResult]) -> dict[PreflightStatus, int]:
    """Return the number of results of each status, including zeros."""
    counted = Counter(result.status for result in results)
    return {status: counted[status] for status in PreflightStatus}


def verdict(results: Sequence[PreflightResult]) -> str:
    """Return the summary line."""
    return ", ".join(f"{number} {status}" for status, number in count_by_status(results).items() if number)


def print_problems(console: Console, results: Sequence[PreflightResult]) -> int:
    """Print the results that need attention, and return the number of failed checks."""
    found = problems(results)
    if found:
        print_table(console, found)
    return count_by_status(results)[PreflightStatus.FAIL]


def print_table(console: Console, results: Sequence[PreflightResult]) -> None:
    """Print a row for each finding, with the command that corrects it."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for no_wrap in (True, True, False):
        table.add_column(no_wrap=no_wrap, overflow="fold")
    for result in results:
        style = _STYLES[result.status]
        command = f"\n[bold]→[/bold] {escape(result.finding.command)}" if result.finding.command else ""
        table.add_row(
            f"[{style}]{result.status}[/{style}]",
            escape(result.check.name),
            f"{escape(result.finding.finding)}{command}",
        )
    console.print(table)


def as_document(stack: str, results: Sequence[PreflightResult]) -> dict[str, Any]:
    """Return the JSON document."""
    return {
        "stack": stack,
        "summary": {str(status): number for status, number in count_by_status(results).items()},
        "results": [
            {
                "check": result.check.name,
                "area": result.check.area,
                "status": str(result.status),
                "finding": result.finding.finding,
                "command": result.finding.command,
            }
            for result in results
        ],
    }
