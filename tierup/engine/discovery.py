"""Find the Pulumi CLI on this machine, or get it.

In this order, and the first that works is it:

1. `pulumi` on PATH, where it is new enough. Most users have it, and nothing of theirs is touched.
2. The cache: what an earlier run installed or built.
3. The official installer. It needs the vendor's download site; without it this step fails within seconds.
4. A build of VERSION from the Go module proxy: minutes once, then cached.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tierup.engine import cache, official_installer, source_build
from tierup.engine.engine import (
    LANGUAGE_HOST,
    MINIMUM_VERSION,
    SHIMS,
    Engine,
    EngineError,
    Origin,
    official_language_host,
    version_number,
    version_of,
)

Progress = Callable[[str], None]

_INSTALL_IT = "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) and run this again."


def find_or_install(progress: Progress | None = None, *, allow_build: bool = True) -> Engine:
    """The engine to use; nothing is done where one is there already.

    Args:
        progress: told in a short sentence what goes on, at least every 10 seconds of a long step.
        allow_build: whether to install or build one where none is found (minutes, some hundred megabytes).

    Raises:
        EngineError: there is none, and it could not be had.
    """
    notify = progress if progress is not None else _silent
    engine = find(notify)
    if engine is not None:
        return engine
    if not allow_build:
        raise EngineError("No Pulumi CLI was found on PATH or in tierup's cache.", _INSTALL_IT)
    if os.environ.get("TIERUP_NO_DOWNLOAD") is None and (installed := official_installer.install(notify)) is not None:
        return _describe(installed, "official")
    return _describe(source_build.build(notify), "built")


def find(progress: Progress | None = None) -> Engine | None:
    """The engine that is on this machine already, or None. Nothing is installed."""
    notify = progress if progress is not None else _silent
    return _on_path(notify) or _in_cache()


def _silent(_sentence: str) -> None:
    """Nobody asked for progress."""


def _on_path(notify: Progress) -> Engine | None:
    found = shutil.which("pulumi")
    if found is None:
        return None
    path = Path(found).absolute()
    # With the environment of an engine of ours in the shell, PATH names the cache.
    if path.is_relative_to(cache.folder()):
        return None
    version = version_of(path)
    minimum = ".".join(str(part) for part in MINIMUM_VERSION)
    if version is None:
        notify(f"{path} does not run `pulumi version`; looking for another engine")
        return None
    if version_number(version) < MINIMUM_VERSION:
        notify(f"{path} is {version}, older than the v{minimum} that tierup needs; looking for another engine")
        return None
    return _describe(path, "path", version)


def _in_cache() -> Engine | None:
    # Both were seen to run before they were renamed into place, and each folder's name says the version.
    if os.access(official_installer.executable(), os.X_OK):
        return _describe(official_installer.executable(), "official", official_installer.version())
    if os.access(source_build.executable(), os.X_OK):
        return _describe(source_build.executable(), "built", source_build.VERSION)
    return None


def _describe(path: Path, origin: Origin, version: str | None = None) -> Engine:
    version = version or version_of(path)
    if version is None:
        raise EngineError(f"{path} does not run.", f"Delete {path.parent} and run this again.")
    host = official_language_host(path)
    if origin == "built" and host is None:
        _copy_host_beside(path)
    return Engine(path=path, version=version, origin=origin, has_language_host=host is not None)


def _copy_host_beside(engine: Path) -> None:
    """Put our language host beside an engine of ours, where the engine takes it for its own and does not warn of it."""
    source, target = SHIMS / LANGUAGE_HOST, engine.parent / LANGUAGE_HOST
    with contextlib.suppress(OSError):  # a cache that cannot be written: the shims' folder goes on PATH instead
        if target.exists() and target.read_bytes() == source.read_bytes():
            return
        with tempfile.NamedTemporaryFile(dir=engine.parent, prefix=f".{LANGUAGE_HOST}-", delete=False) as file:
            file.write(source.read_bytes())
        Path(file.name).chmod(0o755)
        Path(file.name).replace(target)
