"""The sandbox that a command in the current folder uses."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import typer

from tierup.deployment import project as projects
from tierup.deployment.errors import CommandError
from tierup.sandbox import SandboxError, cloud_path, default_home
from tierup.sandbox.cloud import Cloud, CloudError


def home() -> Path:
    """Return the folder of the sandbox that `tierup up --sandbox` uses in the current folder."""
    try:
        return default_home(projects.find(Path.cwd()).folder)
    except CommandError:
        return default_home()


@contextmanager
def open_cloud() -> Generator[Cloud]:
    """Open the file of the sandbox, and print an expected error as one line."""
    with sandbox_errors(), closing(Cloud(cloud_path(home()))) as cloud:
        yield cloud


@contextmanager
def sandbox_errors() -> Generator[None]:
    """Print an expected error as one line and exit with code 1."""
    try:
        yield
    except (SandboxError, CloudError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
