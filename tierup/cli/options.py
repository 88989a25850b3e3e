"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[
    str, typer.Option("--stack", "-s", metavar="NAME", help="The stack; Pulumi.<stack>.yaml holds its settings.")
]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="Run against the sandbox on this machine, with no account.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, and progress on stderr.")]
Cwd = Annotated[
    Path | None, typer.Option("--cwd", "-C", metavar="DIR", help="The project's folder.", show_default="current folder")
]
AllowFileBackend = Annotated[
    bool, typer.Option("--allow-file-backend", help="Accept a state in files of this machine (file://).")
]
Traceback = Annotated[bool, typer.Option("--traceback", help="Show the program's whole traceback when it fails.")]
Policies = Annotated[bool, typer.Option("--policies/--no-policies", help="Apply the project's policy pack.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Skip the confirmation on real accounts. The sandbox needs none.")
]
Wait = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait this long for another run on the stack.")
]
