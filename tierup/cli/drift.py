"""`tierup drift`: reports changes that were made outside Pulumi."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Sandbox, Stack
from tierup.cli.workspace import open_workspace

Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the report to a file, by its suffix (.json .md); repeat for several.",
    ),
]
Parallel = Annotated[
    int | None, typer.Option("--parallel", "-p", min=1, help="The number of resources to read at a time.")
]


def drift(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    output: Outputs = None,
    parallel: Parallel = None,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Report resources that were changed or deleted outside Pulumi.

    The exit code is 7 if there are any. The command reads all resources of the state from the clouds, and changes
    neither the state nor a resource. `tierup refresh` writes the drift into the state.
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.ci.drift import find_drift
        from tierup.deployment import project as projects

        for path in output or ():
            if path.suffix not in (".json", ".md"):
                raise usage_error(f"--output: not a format by its suffix (got {path}). Allowed: .json, .md.")
        console = Console(file=sys.stderr if as_json else sys.stdout)
        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        workspace = open_workspace(project, stack, console, sandbox=sandbox, create=False)
        found = find_drift(workspace, console, parallel=parallel)
        document = json.dumps(found.as_document(), indent=2)
        for path in output or ():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(document + "\n" if path.suffix == ".json" else found.as_markdown(), encoding="utf-8")
        if as_json:
            print(document)
        else:
            console.print(found.summary, highlight=False, markup=False, soft_wrap=True)
        if found.code:
            raise typer.Exit(int(found.code))
