"""`tierup doctor`: checks this machine for what the other commands need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd

if TYPE_CHECKING:
    from tierup.engine.doctor import DoctorFinding

_STYLES = {"ok": "green", "missing": "red", "warning": "yellow"}


def doctor(as_json: AsJson = False, cwd: Cwd = None) -> None:
    """Check this machine: engine, language host, credentials, state."""
    with handle_errors(as_json=as_json):
        from dataclasses import asdict

        from tierup.engine.doctor import FindingStatus, NeededFor, diagnose

        findings = diagnose((cwd or Path.cwd()).absolute())
        if as_json:
            print(json.dumps([asdict(finding) for finding in findings], indent=2))
        else:
            _print_findings(findings)
        if any(finding.status == FindingStatus.MISSING and finding.needed == NeededFor.ALWAYS for finding in findings):
            raise typer.Exit(4)


def _print_findings(findings: list[DoctorFinding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for no_wrap in (True, True, False):
        table.add_column(no_wrap=no_wrap, overflow="fold")
    for finding in findings:
        style = _STYLES[finding.status]
        needed = "" if finding.needed == "always" else f" [dim](for a {finding.needed})[/dim]"
        remedy = f"\n[bold]→[/bold] {escape(finding.remedy)}" if finding.remedy else ""
        table.add_row(
            f"[{style}]{finding.status}[/{style}]", escape(finding.name), f"{escape(finding.found)}{needed}{remedy}"
        )
    Console().print(table)
