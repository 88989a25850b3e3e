"""Runs a long command in its own process group, with a callback while it runs, and ends it with its children."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_GRACE_SECONDS = 5.0


def run_watched(
    command: Sequence[str],
    *,
    log: Path,
    watch: Callable[[], None],
    every_seconds: float,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a command and return its exit code (127 if it cannot be started).

    Args:
        log: the file for its output, both streams.
        watch: called repeatedly; an exception from it, or Ctrl-C, ends the command and its children.
        every_seconds: the interval between two calls.
        cwd: the working folder.
        environment: its whole environment; None for that of this process.
    """
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            output.write(f"{command[0]}: {error.strerror}\n".encode())
            return 127
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.wait(every_seconds)
                watch()
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_lines(log: Path, count: int = 8) -> str:
    """Return the last lines of a command's output, for an error message."""
    return "\n".join(log.read_text(errors="replace").strip().splitlines()[-count:])
