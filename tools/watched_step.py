"""Runs one command of a build or an installation, with progress and an error that says what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tierup.deployment.errors import CommandError
from tierup.engine.watched_process import last_lines, run_watched

Notify = Callable[[str], None]

_PROGRESS_SECONDS = 5.0


def run_step(
    command: Sequence[str],
    what: str,
    log: Path,
    notify: Notify,
    *,
    remedy: str,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command, and report `what` at least every 5 seconds.

    Raises:
        CommandError: the command failed. The message has its last lines and the remedy.
    """
    notify(what)
    code = run_watched(
        command,
        log=log,
        watch=lambda: notify(what),
        every_seconds=_PROGRESS_SECONDS,
        cwd=cwd,
        environment=environment,
    )
    if code != 0:
        raise CommandError(f"{what} failed (exit code {code}):\n{last_lines(log)}\n{remedy}")


def digest(*files: Path) -> str:
    """Return 16 hexadecimal digits of the content of files, for the name of a folder in the cache."""
    content = b"\0".join(file.read_bytes() for file in files)
    return hashlib.sha256(content).hexdigest()[:16]
