"""Reserves space on the disk of a sandbox, so that the state of an operation can be written on a full disk.

Pulumi's backend for folders replaces the state with a part of it when a write fails, and repeats the write for some
seconds: saveCheckpoint of pulumi/pkg/backend/diy/state.go 3.259, and WriteAll of gocloud.dev/blob, which closes the
file after a failed write without cancelling it (read 2026-11-28). The reserve is an open file without a name, so its
space is free again as soon as the process ends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Final

_RESERVED_BYTES: Final = 32 << 20
"""Half of what `open_workspace` requires to be free, and five times what the largest stack takes."""
_LOW_BYTES: Final = 8 << 20
"""Below this, the reserve is released."""
_BLOCK: Final = bytes(1 << 20)


class DiskReserve:
    """Space on the disk of a folder. As a context manager, it is released at the end."""

    released = False
    """Whether the disk was nearly full."""

    def __init__(self, folder: Path) -> None:
        """Reserve the space. Raises OSError if the disk does not have it."""
        self._folder = folder
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed by __exit__)
        try:
            self._fill()
        except OSError:
            self._file.close()
            raise

    def _fill(self) -> None:
        if hasattr(os, "posix_fallocate"):  # not on macOS
            os.posix_fallocate(self._file.fileno(), 0, _RESERVED_BYTES)
            return
        for _ in range(_RESERVED_BYTES // len(_BLOCK)):
            self._file.write(_BLOCK)
        self._file.flush()

    def release_if_full(self) -> bool:
        """Release the space if the disk is nearly full. Return True when this call did so."""
        if self.released or shutil.disk_usage(self._folder).free >= _LOW_BYTES:
            return False
        self._file.close()
        self.released = True
        return True

    def __enter__(self) -> DiskReserve:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
