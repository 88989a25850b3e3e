"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack; Pulumi.<stack>.yaml holds its settings.")]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="Run against the sandbox on this machine, with no account.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, and progress on stderr.")]
Cwd = Annotated[Path | None, typer.Option("--cwd", "-C", help="The project's folder.", show_default="current folder")]
AllowFileBackend = Annotated[
    bool, typer.Option("--allow-file-backend", help="Accept a state in files of this machine (file://).")
]
Traceback = Annotated[bool, typer.Option("--traceback", help="Show the program's whole traceback when it fails.")]
