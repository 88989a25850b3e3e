"""The official installer, run through the SDK's own `PulumiCommand.install()`, into tierup's cache.

It has no time-out of its own, and on a machine with no way out to the internet a connection may hang rather than fail.
So it runs in a process of its own, which is ended when nothing has arrived for QUIET_SECONDS.
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
_SAY_EVERY_SECONDS = 5.0

# The installer's own HTTP calls get a time-out too; the SDK gives them none.
_INSTALL = """
import socket, sys
socket.setdefaulttimeout(10)
from pulumi.automation import PulumiCommand
PulumiCommand.install(root=sys.argv[1])
"""
_INSTALLER = (sys.executable, "-c", _INSTALL)


def version() -> str:
    """The CLI that belongs to the installed SDK, with the v: `v3.272.0`."""
    return f"v{metadata.version('pulumi')}"


def executable() -> Path:
    """Where the official installer's CLI lies in the cache; it may not be there."""
    return cache.folder() / "engine" / f"official-{version()}" / "bin" / "pulumi"


def install(
    notify: Callable[[str], None],
    *,
    installer: Sequence[str] = _INSTALLER,
    quiet_seconds: float = QUIET_SECONDS,
) -> Path | None:
    """Install the official CLI into the cache and return it, or None where it cannot be had from here.

    Args:
        notify: told what goes on.
        installer: the command that installs into the folder that is its last argument.
        quiet_seconds: how long nothing may arrive before this gives up.

    Raises:
        EngineError: the cache cannot be written.
    """
    notify(f"Getting Pulumi {version()} from its official installer")
    try:
        with cache.unfinished(executable().parent.parent, notify) as work:
            if work is not None:
                _fill(work, installer, notify, quiet_seconds)
    except _UnreachableError:
        notify("The official installer cannot be reached from here")
        return None
    return executable()


class _UnreachableError(Exception):
    """The installer failed, or fell silent."""


def _fill(work: Path, installer: Sequence[str], notify: Callable[[str], None], quiet_seconds: float) -> None:
    # What the installer downloads goes below `work`, so that we see it arrive and nothing of it is left elsewhere.
    downloads = work / "downloads"
    downloads.mkdir()
    arrived, last_change, last_said = 0, time.monotonic(), time.monotonic()

    def watch() -> None:
        nonlocal arrived, last_change, last_said
        now, size = time.monotonic(), _bytes_below(work)
        if size != arrived:
            arrived, last_change = size, now
        elif now - last_change > quiet_seconds:
            raise _UnreachableError
        if now - last_said > _SAY_EVERY_SECONDS:
            last_said = now
            notify(f"Getting Pulumi {version()}: {arrived / 1e6:.0f} MB so far")

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
            with contextlib.suppress(OSError):  # the installer moves and deletes as we look
                total += Path(parent, name).stat().st_size
    return total
