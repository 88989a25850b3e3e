"""`tierup indexes`: creates the declared indexes in the database of MONGODB_URI."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

File = Annotated[
    Path,
    typer.Option(
        "--file", "-f", help="The declaration of the indexes. The environment variable TIERUP_INDEXES replaces it."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the changes without making them.")]
Drop = Annotated[
    bool, typer.Option("--drop-undeclared", help="Drop indexes of these collections that are not declared.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def indexes(
    file: File = Path("indexes.yaml"), dry_run: DryRun = False, drop_undeclared: Drop = False, as_json: AsJson = False
) -> None:
    """Create the declared MongoDB indexes and shard keys that are missing.

    The database is that of MONGODB_URI, which is read from the environment only, because process lists show arguments.
    Exit codes: 0 all indexes are as declared; 1 some differ, or the database reports an error or does not respond; 2 a
    wrong declaration or no MONGODB_URI.
    """
    from dataclasses import asdict

    from tierup.operations.indexes import TEXT, URI, IndexesError, apply, parse, read

    try:
        text = os.environ.get(TEXT)
        declared = parse(text, TEXT) if text else read(file)
    except IndexesError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    uri = os.environ.get(URI)
    if not uri:
        typer.echo(
            f"{URI}: must be set (got nothing). Set it to the connection URI with database, user and password.",
            err=True,
        )
        raise typer.Exit(2)
    try:
        report = apply(uri, declared, drop_undeclared=drop_undeclared, dry_run=dry_run)
    except IndexesError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps({**asdict(report), "as_declared": report.as_declared}))
    else:
        would = "would be " if dry_run else ""
        for result, entries in (
            (f"{would}created", report.created),
            ("present", report.present),
            ("differs from the declaration; drop it yourself, then run the command again", report.differing),
            ("not declared, unchanged", report.undeclared),
            (f"{would}dropped", report.dropped),
            (f"{would}sharded by the declared key", report.sharded),
            ("sharded by the declared key", report.shard_keys_present),
            ("has another shard key, unchanged; reshard it yourself", report.shard_keys_differing),
            ("not sharded, because the database is not a sharded cluster", report.not_sharded),
        ):
            for entry in entries:
                typer.echo(f"{entry}: {result}")
    if not report.as_declared:
        raise typer.Exit(1)
