"""The cache of engines on this machine.

    <cache>/engine/v3.259.0/pulumi               built by tierup
    <cache>/engine/official-v3.272.0/bin/pulumi  installed by the official installer
    <cache>/go/                                  the Go toolchain on a machine without one; removed after the build

Each is created in a folder with another name and renamed when it works, so that an existing folder is complete.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import filelock
import platformdirs

from tierup.engine.engine import EngineError

_UNFINISHED = ".unfinished-"


def folder() -> Path:
    """Return the cache folder: `TIERUP_CACHE`, or the user's cache. It may not exist."""
    override = os.environ.get("TIERUP_CACHE")
    return Path(override).absolute() if override else platformdirs.user_cache_path("tierup")


@contextlib.contextmanager
def unfinished(target: Path, announce: Callable[[str], None]) -> Generator[Path | None]:
    """Yield a new folder, which is renamed to `target` when the block ends without an exception.

    One process at a time fills a target. The others wait and get None, because it exists already.

    Raises:
        EngineError: the cache is not writable, or the disk is full.
    """
    with disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target, announce):
            if target.exists():
                yield None
                return
            # This process holds the lock, so no other process uses an unfinished folder.
            for leftover in target.parent.glob(f"{target.name}{_UNFINISHED}*"):
                remove(leftover)
            work = Path(tempfile.mkdtemp(prefix=f"{target.name}{_UNFINISHED}", dir=target.parent))
            work.chmod(0o755)
            try:
                yield work
                work.rename(target)
            finally:
                remove(work)


@contextlib.contextmanager
def _locked(target: Path, announce: Callable[[str], None]) -> Generator[None]:
    lock = filelock.FileLock(target.with_name(f"{target.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        announce(f"Waiting for another tierup command that prepares {target.name}")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def disk_errors(place: Path) -> Generator[None]:
    """Turn errors of the operating system in this folder into an EngineError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(place) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR):
            raise EngineError(
                f"TIERUP_CACHE: the cache folder is not writable (got {place}: {error.strerror}).",
                "Make it writable, or set TIERUP_CACHE to another folder.",
            ) from error
        raise


def disk_full(place: Path) -> EngineError:
    """Return the error for a full disk."""
    return EngineError(
        f"TIERUP_CACHE: no space left on the disk (got {place}).",
        "Free some space, or set TIERUP_CACHE to another folder.",
    )


def remove(tree: Path) -> None:
    """Delete a folder if it exists, even Go's module cache, which is read-only."""
    if not tree.exists():
        return
    for parent, _, _ in os.walk(tree):
        with contextlib.suppress(OSError):
            Path(parent).chmod(0o755)
    shutil.rmtree(tree, ignore_errors=True)
