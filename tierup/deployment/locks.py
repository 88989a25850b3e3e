"""Who works on a stack of the rehearsal: the engine's lock files, and our own lock around a whole command.

The engine locks a stack of a file backend by a file that names the process. A killed engine leaves it, and the next one
refuses to work. Such a lock is taken away here when its process is dead; a living one is never touched.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from tierup.deployment.failure import ExitCode, Failure

Say = Callable[[str], None]

_HALF_WRITTEN_SECONDS = 60.0  # a lock file that can't be read is being written, unless it is older
_CLOCK_SECONDS = 5.0  # a process is the holder if it started before the lock, give or take


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Who holds a lock, as the engine wrote it down."""

    pid: int
    user: str
    host: str
    since: float  # Unix time

    def is_dead(self) -> bool:
        """Whether that process has certainly ended. Of another machine's nothing is certain."""
        if self.host != socket.gethostname():
            return False
        try:
            process = psutil.Process(self.pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            # Another process got the same number later.
            return process.create_time() > self.since + _CLOCK_SECONDS
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False

    def __str__(self) -> str:
        at = datetime.fromtimestamp(self.since).astimezone().strftime("%H:%M:%S")
        return f"process {self.pid} of {self.user} on {self.host}, since {at}"


def lock_folder(state: Path, project: str, stack: str) -> Path:
    """Where the engine keeps the locks of a stack."""
    return state / ".pulumi" / "locks" / "organization" / project / stack


def clear_stale_locks(state: Path, project: str, stack: str, say: Say) -> None:
    """Take away the locks of dead processes.

    Raises:
        Failure: a living process holds one.
    """
    for path in sorted(lock_folder(state, project, stack).glob("*.json")):
        holder = _holder(path)
        if holder is None:
            continue
        if not holder.is_dead():
            raise Failure(
                f"Stack '{stack}' is locked by {holder}: wait until that run has ended, or end it. If you are sure "
                f"that it is gone, delete {path}.",
                ExitCode.LOCKED,
            )
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".attrs").unlink(missing_ok=True)
        say(f"Took away the lock of an earlier run that did not end by itself ({holder}).")


def _holder(path: Path) -> Holder | None:
    """Who wrote a lock file; None when it is gone or old and unreadable (and then taken away)."""
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        since = datetime.fromisoformat(found["timestamp"]).timestamp()
        return Holder(pid=int(found["pid"]), user=found["username"], host=found["hostname"], since=since)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        if time.time() - path.stat().st_mtime < _HALF_WRITTEN_SECONDS:
            raise Failure(
                f"{path} can't be read yet: another run is starting on this stack. Try again in a minute.",
                ExitCode.LOCKED,
            ) from error
        path.unlink(missing_ok=True)
        return None


@contextmanager
def alone(home: Path, project: str, stack: str, *, wait_seconds: float, say: Say) -> Generator[None]:
    """Hold a stack of the rehearsal for a whole command: recovery and what follows it must see the same state.

    Raises:
        Failure: another command holds it, and still does after `wait_seconds`.
    """
    folder = home / "rehearsal" / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{project}-{stack}.lock")
    note = folder / f"{project}-{stack}.holder"
    until = time.monotonic() + wait_seconds
    while True:
        try:
            lock.acquire(timeout=min(10.0, max(0.0, until - time.monotonic())))
            break
        except Timeout as error:
            holder = _noted(note)
            if time.monotonic() >= until:
                raise Failure(
                    f"Stack '{stack}' is held by another tierup command ({holder}): wait until it has ended, or give "
                    "this one --wait SECONDS.",
                    ExitCode.LOCKED,
                ) from error
            say(f"Waiting for another tierup command on stack '{stack}' ({holder}).")
    try:
        note.write_text(f"process {os.getpid()}, since {datetime.now().astimezone():%H:%M:%S}")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _noted(note: Path) -> str:
    try:
        return note.read_text() or "just started"
    except OSError:
        return "just started"
