"""Finds the Pulumi CLI on this machine, or installs it.

The first of these that works is used:

1. `pulumi` on PATH, if it is new enough.
2. The cache, with what an earlier run installed or built.
3. The official installer. It needs the vendor's download site; without it this step fails within seconds.
4. A build of VERSION from the Go module proxy, which takes minutes once.
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

_INSTALL_IT = "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) and run the command again."


def find_or_install(progress: Progress | None = None, *, allow_build: bool = True) -> Engine:
    """Return the engine, after installing one if there is none.

    Args:
        progress: called with a short message, at least every 10 seconds during a long step.
        allow_build: whether to install or build an engine if there is none (minutes, some hundred megabytes).

    Raises:
        EngineError: there is none, and none could be installed.
    """
    notify = progress if progress is not None else _silent
    engine = find(notify)
    if engine is not None:
        return engine
    if not allow_build:
        raise EngineError("PATH: there is no Pulumi CLI on it or in tierup's cache.", _INSTALL_IT)
    if os.environ.get("TIERUP_NO_DOWNLOAD") is None and (installed := official_installer.install(notify)) is not None:
        return _describe(installed, "official")
    return _describe(source_build.build(notify), "built")


def find(progress: Progress | None = None) -> Engine | None:
    """Return the engine on this machine, or None. This installs nothing."""
    notify = progress if progress is not None else _silent
    return _on_path(notify) or _in_cache()


def _silent(_sentence: str) -> None:
    """Ignore a progress message."""


def _on_path(notify: Progress) -> Engine | None:
    found = shutil.which("pulumi")
    if found is None:
        return None
    path = Path(found).absolute()
    # In a shell with the environment of a cached engine, PATH contains the cache.
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
    # Both ran before they were renamed into place, and the name of the folder contains the version.
    if os.access(official_installer.executable(), os.X_OK):
        return _describe(official_installer.executable(), "official", official_installer.version())
    if os.access(source_build.executable(), os.X_OK):
        return _describe(source_build.executable(), "built", source_build.VERSION)
    return None


def _describe(path: Path, origin: Origin, version: str | None = None) -> Engine:
    version = version or version_of(path)
    if version is None:
        raise EngineError(f"{path}: the Pulumi CLI does not run.", f"Delete {path.parent} and run the command again.")
    host = official_language_host(path)
    if origin == "built" and host is None:
        _copy_shims_beside(path)
    return Engine(path=path, version=version, origin=origin, has_language_host=host is not None)


def _copy_shims_beside(engine: Path) -> None:
    """Copy the shims beside an engine that tierup built. The engine warns of a plugin that it finds on PATH only."""
    with contextlib.suppress(OSError):  # a cache that is not writable: the shims' folder is on PATH instead
        for source in sorted(SHIMS.iterdir()):
            target = engine.parent / source.name
            if target.exists() and target.read_bytes() == source.read_bytes():
                continue
            with tempfile.NamedTemporaryFile(dir=engine.parent, prefix=f".{source.name}-", delete=False) as file:
                file.write(source.read_bytes())
            Path(file.name).chmod(0o755)
            Path(file.name).replace(target)
