"""Where engines are kept on this machine, and how one comes there whole.

    <cache>/engine/v3.259.0/pulumi               built by us
    <cache>/engine/official-v3.272.0/bin/pulumi  put there by the official installer
    <cache>/go/                                  the Go that builds it where the machine has none; gone afterwards

Each is made in a folder with another name and renamed when it is known to work, so what is there is whole.
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
    """The cache of this user, `TIERUP_CACHE` where that is set. It may not exist yet."""
    override = os.environ.get("TIERUP_CACHE")
    return Path(override).absolute() if override else platformdirs.user_cache_path("tierup")


@contextlib.contextmanager
def unfinished(target: Path, announce: Callable[[str], None]) -> Generator[Path | None]:
    """A new folder to fill, which becomes `target` when the block ends without an exception.

    One process at a time fills the same target; the others wait, and then get None: it is there already.

    Raises:
        EngineError: the cache cannot be written, or the disk is full.
    """
    with disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target, announce):
            if target.exists():
                yield None
                return
            # We hold the lock, so whatever another run left unfinished has no owner any more.
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
        announce(f"Another tierup is preparing {target.name}; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def disk_errors(place: Path) -> Generator[None]:
    """Turn what the operating system refuses in this folder into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(place) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR):
            raise EngineError(
                f"The cache folder {place} cannot be written ({error.strerror}).",
                "Make it writable, or name another folder in TIERUP_CACHE.",
            ) from error
        raise


def disk_full(place: Path) -> EngineError:
    """The one sentence for a disk that is full."""
    return EngineError(
        f"The disk that holds {place} is full.", "Free some space, or name another folder in TIERUP_CACHE."
    )


def remove(tree: Path) -> None:
    """Delete a folder if it is there. Go makes its module cache read-only, which a plain rmtree cannot delete."""
    if not tree.exists():
        return
    for parent, _, _ in os.walk(tree):
        with contextlib.suppress(OSError):
            Path(parent).chmod(0o755)
    shutil.rmtree(tree, ignore_errors=True)
