"""Writes files atomically: a reader sees the old content or the new content, never a part of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path`, whose folder must exist. Only the owner can read the file. Raises OSError."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False, encoding="utf-8"
    ) as part:
        temporary = Path(part.name)
        try:
            part.write(text)
            part.flush()
            os.fsync(part.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
