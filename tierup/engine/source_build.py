"""Builds the Pulumi CLI from the Go module proxy, with tierup's own module file (build/go.mod, go.sum).

Measured on 2 cores with an empty Go cache: about 25 s to download, 3 minutes to build, 115 MB.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tierup.engine import cache, go_toolchain
from tierup.engine.engine import EngineError, version_of
from tierup.engine.watched_process import last_lines, run_watched

# A test compares this version with build/go.mod.
VERSION = "v3.259.0"

_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SOURCES = Path(__file__).parent / "build"
PROGRESS_SECONDS = 5.0
# Modules, compiled packages and the binary took 3.1 GB on 2026-11-24.
NEEDED_BYTES = 4_000_000_000
_ALTERNATIVE = "Or install the Pulumi CLI yourself (https://www.pulumi.com/docs/install/) and run the command again."


def executable() -> Path:
    """Return the path of the built CLI in the cache. It may not exist."""
    return cache.folder() / "engine" / VERSION / "pulumi"


def build(notify: Callable[[str], None]) -> Path:
    """Build the CLI into the cache and return its path. A second build at the same time waits for the first.

    Args:
        notify: called with a message at least every 10 seconds.

    Raises:
        EngineError: there is no Go and none could be installed, the build failed, or the disk is full.
    """
    with cache.unfinished(executable().parent, notify) as work:
        if work is not None:
            _check_disk(work)
            go = go_toolchain.find_or_install(notify)
            started = time.monotonic()
            notify(f"Building Pulumi {VERSION} from source with {go.version}: about 4 minutes on 2 cores, once")
            _compile(go, work, notify)
            notify(f"Built Pulumi {VERSION} in {time.monotonic() - started:.0f} s")
            go.discard()
    return executable()


def _check_disk(work: Path) -> None:
    free = shutil.disk_usage(work).free
    if free < NEEDED_BYTES:
        needed = f"{NEEDED_BYTES / 1e9:.0f} GB"
        raise EngineError(
            f"TIERUP_CACHE: too little space to build the engine (got {free / 1e9:.1f} GB free in {work.parent}).",
            f"Free {needed}, or set TIERUP_CACHE to another folder. {_ALTERNATIVE}",
        )


def _compile(go: go_toolchain.Go, work: Path, notify: Callable[[str], None]) -> None:
    sources, log, binary = work / "sources", work / "build.log", work / "pulumi"
    sources.mkdir()
    for name in ("go.mod", "go.sum"):
        shutil.copy(_SOURCES / name, sources)
    started = last_message = time.monotonic()

    def watch() -> None:
        nonlocal last_message
        now = time.monotonic()
        if now - last_message < PROGRESS_SECONDS:
            return
        last_message = now
        lines = log.read_text(errors="replace").splitlines()
        modules = sum(line.startswith("go: downloading ") for line in lines)
        packages, seconds = len(lines) - modules, now - started
        notify(
            f"Building Pulumi {VERSION}: {modules} modules downloaded, {packages} packages compiled, {seconds:.0f} s"
        )

    version_flag = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={VERSION}"
    code = run_watched(
        [str(go.path), "build", "-v", "-o", str(binary), "-ldflags", f"-s -w {version_flag}", _PACKAGE],
        log=log,
        watch=watch,
        every_seconds=0.5,
        cwd=sources,
        environment=go.environment(),
    )
    if code != 0:
        printed = last_lines(log)
        if "no space left on device" in printed:
            raise cache.disk_full(work)
        raise EngineError(
            f"Building Pulumi {VERSION} failed (go exited with {code}):\n{printed}",
            f"If the Go module proxy cannot be reached, set GOPROXY to one that can. {_ALTERNATIVE}",
        )
    if version_of(binary) != VERSION:
        raise EngineError(f"The Pulumi CLI that was built does not report version {VERSION}.", _ALTERNATIVE)
    cache.remove(sources)
    log.unlink()
