"""Locks of a sandbox stack: the engine's lock files, and tierup's own lock around a whole command.

The engine locks a stack of a file backend with a file that names the process. A killed engine leaves that file, and
the next engine reports a locked stack. Such a lock is removed here if its process has ended, and never otherwise.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from tierup.deployment.errors import CommandError, ExitCode

Notify = Callable[[str], None]

_HALF_WRITTEN_SECONDS = 60.0  # a lock file that cannot be read is still being written, unless it is older
_CLOCK_SECONDS = 5.0  # tolerance when the start of a process is compared with the time of its lock


@dataclass(frozen=True, kw_only=True, slots=True)
class LockHolder:
    """The process that holds a lock, as the engine's lock file names it."""

    pid: int
    user: str
    host: str
    since: float  # Unix time

    def is_dead(self) -> bool:
        """Return whether the process has certainly ended. A process on another machine never counts as ended."""
        if self.host != socket.gethostname():
            return False
        try:
            process = psutil.Process(self.pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            # A later process has the same pid.
            return process.create_time() > self.since + _CLOCK_SECONDS
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False

    def __str__(self) -> str:
        at = datetime.fromtimestamp(self.since).astimezone().strftime("%H:%M:%S")
        return f"process {self.pid} of {self.user} on {self.host}, since {at}"


def lock_folder(state: Path, project: str, stack: str) -> Path:
    """Return the folder of the engine's locks of a stack."""
    return state / ".pulumi" / "locks" / "organization" / project / stack


def clear_stale_locks(state: Path, project: str, stack: str, notify: Notify) -> None:
    """Remove the locks of processes that have ended.

    Raises:
        CommandError: a running process holds a lock.
    """
    for path in sorted(lock_folder(state, project, stack).glob("*.json")):
        holder = _holder(path)
        if holder is None:
            continue
        if not holder.is_dead():
            raise CommandError(
                f"--stack: the stack is locked by another run (got {stack}, {holder}). Wait until that run has ended. "
                f"If it no longer runs, delete {path}.",
                ExitCode.LOCKED,
            )
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".attrs").unlink(missing_ok=True)
        notify(f"Removed the stale lock of an earlier run ({holder}).")


def _holder(path: Path) -> LockHolder | None:
    """Return the holder of a lock file, or None if it is missing, or old and unreadable and therefore removed."""
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        since = datetime.fromisoformat(found["timestamp"]).timestamp()
        return LockHolder(pid=int(found["pid"]), user=found["username"], host=found["hostname"], since=since)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        if time.time() - path.stat().st_mtime < _HALF_WRITTEN_SECONDS:
            raise CommandError(
                f"{path}: cannot be read yet, because another run is starting on this stack. Try again in a minute.",
                ExitCode.LOCKED,
            ) from error
        path.unlink(missing_ok=True)
        return None


def hold_stack(
    home: Path, project: str, stack: str, *, wait_seconds: float, notify: Notify
) -> AbstractContextManager[None]:
    """Lock a sandbox stack for a whole command: recovery and the operation after it must see the same state.

    Raises:
        CommandError: another command holds it, and still does after `wait_seconds`.
    """
    return _hold(home, f"{project}-{stack}", stack, "tierup command", wait_seconds, notify)


def hold_switch(
    home: Path, project: str, stack: str, *, wait_seconds: float, notify: Notify
) -> AbstractContextManager[None]:
    """Let only one switch of a sandbox stack run at a time. Each of its operations locks the stack, too.

    Raises:
        CommandError: another switch holds it, and still does after `wait_seconds`.
    """
    return _hold(home, f"{project}-{stack}.switch", stack, "switch", wait_seconds, notify)


@contextmanager
def _hold(home: Path, name: str, stack: str, what: str, wait_seconds: float, notify: Notify) -> Generator[None]:
    folder = home / "pulumi" / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock")
    note = folder / f"{name}.holder"
    until = time.monotonic() + wait_seconds
    while True:
        try:
            lock.acquire(timeout=min(10.0, max(0.0, until - time.monotonic())))
            break
        except Timeout as error:
            holder = _read_note(note)
            if time.monotonic() >= until:
                raise CommandError(
                    f"--stack: another {what} runs on the stack (got {stack}, {holder}). Wait until it has ended, or "
                    "add --wait SECONDS.",
                    ExitCode.LOCKED,
                ) from error
            notify(f"Waiting for another {what} on stack '{stack}' ({holder}).")
    try:
        note.write_text(f"process {os.getpid()}, since {datetime.now().astimezone():%H:%M:%S}")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _read_note(note: Path) -> str:
    try:
        return note.read_text() or "just started"
    except OSError:
        return "just started"
