"""Keeps a file of the sandbox's Pulumi backend when a write of it fails.

Pulumi's backend for folders replaces a file with a part of it when the disk is full (WriteAll of gocloud.dev/blob,
which closes the file after a failed write without cancelling it, read 2026-11-28). Without its state a stack loses its
resources. Incomplete tags (saveStackTags of pulumi/pkg/backend/diy/stack_tags.go 3.259, read 2026-11-29) lose the
journal of a switch, and make every later operation fail with "failed to load stack tags".
"""

from __future__ import annotations

import gzip
import json
import shutil
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def kept_file(path: Path) -> Generator[None]:
    """Restore a JSON file at the end if the block left a part of it. A file that did not exist is deleted then.

    Raises:
        OSError: the disk has no space for a copy of the file. Nothing was changed.
    """
    copy = _copy_of(path)
    try:
        if path.exists():
            shutil.copyfile(path, copy)
        else:
            copy.write_bytes(b"")
        yield
    finally:
        restore_incomplete(path)
        copy.unlink(missing_ok=True)


def restore_incomplete(path: Path) -> None:
    """Restore a file if it is incomplete and has a copy, which a running command has, or a killed one has left."""
    copy = _copy_of(path)
    if not copy.exists() or _is_complete(path):
        return
    try:
        copy.replace(path)
    except FileNotFoundError:  # another command has restored it
        return
    if not path.stat().st_size:
        path.unlink()


def _is_complete(path: Path) -> bool:
    try:
        content = path.read_bytes()
        json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    except FileNotFoundError:
        return True
    except (ValueError, EOFError, gzip.BadGzipFile, zlib.error):
        return False
    return True


def _copy_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.kept")
