"""`tierup report`: one Markdown report for a pull request from the results of other commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson

Previews = Annotated[
    list[Path] | None,
    typer.Option(
        "--preview", metavar="FILE", help="The document of `tierup preview --json`; repeat for several stacks."
    ),
]
Costs = Annotated[
    list[Path] | None,
    typer.Option("--cost", metavar="FILE", help="The document of `tierup cost --diff A B --json`; repeat for several."),
]
Checks = Annotated[
    list[Path] | None,
    typer.Option("--check", metavar="FILE", help="The document of `tierup check --json`; repeat for several stacks."),
]
Title = Annotated[str, typer.Option("--title", help="The heading of the report.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file.")]


Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="FOLDER",
        help="A folder with the results of each stack: <stack>.preview.json, <stack>.cost.json and <stack>.check.json.",
        show_default=False,
    ),
]


def report(
    folder: Folder = None,
    preview: Previews = None,
    cost: Costs = None,
    check: Checks = None,
    title: Title = "Infrastructure changes",
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Write a pull request report on previews, cost and findings.

    The report is in Markdown. A missing or empty file is reported as a step without a result. The report fits into a
    comment of GitHub: details that are too long are left out. In a workflow it links to the run.
    """
    with handle_errors(as_json=as_json):
        from tierup.ci.pull_request_report import ReportSources, compose, sources_in

        found = sources_in(folder) if folder is not None else ReportSources()
        sources = ReportSources(
            previews=[*found.previews, *(preview or ())],
            costs=[*found.costs, *(cost or ())],
            checks=[*found.checks, *(check or ())],
        )
        text = compose(title, sources, run_url=_run_url())
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(text, encoding="utf-8")
        if as_json:
            typer.echo(
                json.dumps({"characters": len(text), "output": str(output) if output else None, "markdown": text})
            )
        elif output is None:
            typer.echo(text, nl=False)


def _run_url() -> str | None:
    """Return the address of the workflow run, or None outside a workflow."""
    server, repository, run = (os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else None
