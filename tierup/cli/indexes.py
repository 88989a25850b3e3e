"""`tierup indexes`: the declared indexes, applied to the database that MONGODB_URI names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Option("--file", "-f", help="The declaration. TIERUP_INDEXES, if set, holds it instead.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done.")]
Drop = Annotated[bool, typer.Option("--drop-undeclared", help="Drop what stands in these collections undeclared.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def indexes(
    file: File = Path("indexes.yaml"), dry_run: DryRun = False, drop_undeclared: Drop = False, as_json: AsJson = False
) -> None:
    """Create the declared indexes that are missing from the database of MONGODB_URI.

    The URI comes by the environment alone, where no list of processes shows it. Exit codes: 0 all stand as declared;
    1 some differ, or the database refuses or does not answer; 2 a wrong declaration or no MONGODB_URI.
    """
    from dataclasses import asdict

    from tierup.operations.indexes import TEXT, URI, IndexesError, apply, parse, read

    try:
        text = os.environ.get(TEXT)
        declared = parse(text, TEXT) if text else read(file)
    except IndexesError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    uri = os.environ.get(URI)
    if not uri:
        typer.echo(f"{URI} is not set; it names the database, its user and password", err=True)
        raise typer.Exit(2)
    try:
        report = apply(uri, declared, drop_undeclared=drop_undeclared, dry_run=dry_run)
    except IndexesError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    if as_json:
        typer.echo(json.dumps({**asdict(report), "as_declared": report.as_declared}))
    else:
        would = "would be " if dry_run else ""
        for what, entries in (
            (f"{would}created", report.created),
            ("present", report.present),
            ("differs from what is declared; drop it by hand, then run this again", report.differing),
            ("not declared, left alone", report.undeclared),
            (f"{would}dropped", report.dropped),
        ):
            for entry in entries:
                typer.echo(f"{entry}: {what}")
    if not report.as_declared:
        raise typer.Exit(1)
