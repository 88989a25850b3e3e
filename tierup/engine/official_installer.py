"""Runs the official installer, `PulumiCommand.install()` of the SDK, into tierup's cache.

It has no time-out, and on a machine without internet access a connection may hang instead of failing. It therefore runs
in its own process, which is ended when it has received nothing for QUIET_SECONDS.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from tierup.engine import cache
from tierup.engine.engine import version_of
from tierup.engine.watched_process import run_watched

QUIET_SECONDS = 15.0
_PROGRESS_SECONDS = 5.0

# The SDK sets no time-out for the installer's HTTP calls.
_INSTALL = """
import socket, sys
socket.setdefaulttimeout(10)
from pulumi.automation import PulumiCommand
PulumiCommand.install(root=sys.argv[1])
"""
_INSTALLER = (sys.executable, "-c", _INSTALL)


def version() -> str:
    """Return the version of the CLI for the installed SDK, such as `v3.272.0`."""
    return f"v{metadata.version('pulumi')}"


def executable() -> Path:
    """Return the path of the official CLI in the cache. It may not exist."""
    return cache.folder() / "engine" / f"official-{version()}" / "bin" / "pulumi"


def install(
    notify: Callable[[str], None],
    *,
    installer: Sequence[str] = _INSTALLER,
    quiet_seconds: float = QUIET_SECONDS,
) -> Path | None:
    """Install the official CLI into the cache and return its path, or None if the installer cannot reach its site.

    Args:
        notify: called with progress messages.
        installer: the command that installs into the folder that is its last argument.
        quiet_seconds: the longest time without received data.

    Raises:
        EngineError: the cache is not writable.
    """
    notify(f"Installing Pulumi {version()} with its official installer")
    try:
        with cache.unfinished(executable().parent.parent, notify) as work:
            if work is not None:
                _fill(work, installer, notify, quiet_seconds)
    except _UnreachableError:
        notify("The official installer cannot reach its download site")
        return None
    return executable()


class _UnreachableError(Exception):
    """The installer failed, or received no data for too long."""


def _fill(work: Path, installer: Sequence[str], notify: Callable[[str], None], quiet_seconds: float) -> None:
    # Downloads go below `work`, so that their size is known and nothing remains elsewhere.
    downloads = work / "downloads"
    downloads.mkdir()
    arrived, last_change, last_message = 0, time.monotonic(), time.monotonic()

    def watch() -> None:
        nonlocal arrived, last_change, last_message
        now, size = time.monotonic(), _bytes_below(work)
        if size != arrived:
            arrived, last_change = size, now
        elif now - last_change > quiet_seconds:
            raise _UnreachableError
        if now - last_message > _PROGRESS_SECONDS:
            last_message = now
            notify(f"Installing Pulumi {version()}: {arrived / 1e6:.0f} MB received")

    code = run_watched(
        [*installer, str(work)],
        log=work / "install.log",
        watch=watch,
        every_seconds=0.25,
        environment={**os.environ, "TMPDIR": str(downloads)},
    )
    if code != 0 or version_of(work / "bin" / "pulumi") is None:
        raise _UnreachableError
    cache.remove(downloads)


def _bytes_below(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):  # the installer moves and deletes files meanwhile
                total += Path(parent, name).stat().st_size
    return total
