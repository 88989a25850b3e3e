"""The connection string of a short-lived database user, in a file that only its owner can read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tierup.deployment.errors import CommandError, ExitCode
from tierup.operations.atlas_admin import LONGEST_USER, TemporaryUser
from tierup.release.time_options import duration_in

_SHORTEST = timedelta(minutes=5)


def duration_of(option: str, text: str) -> timedelta:
    """Return the duration that `text` means: 30m, 4h, 7d. Raises CommandError, which names the option."""
    duration = duration_in(text)
    if duration is None or not _SHORTEST <= duration <= LONGEST_USER:
        raise CommandError(
            f"{option}: out of range (got {text}). Give 5m to 7d: Atlas deletes the user within a week.",
            ExitCode.SETTINGS,
        )
    return min(duration, LONGEST_USER - timedelta(minutes=1))


@contextmanager
def connection_file(user: TemporaryUser, *, database: str, port: int) -> Generator[Path]:
    """Yield a file with the connection string to the forwarded port, and delete it afterwards."""
    options = "directConnection=true&tls=true&tlsAllowInvalidHostnames=true&authSource=admin"
    uri = f"mongodb://{user.name}:{user.password}@localhost:{port}/{database}?{options}"
    with tempfile.TemporaryDirectory(prefix="tierup-") as folder:
        file = Path(folder) / "mongodb-uri"
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{uri}\n")
        yield file
