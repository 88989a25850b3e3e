"""Build the Pulumi CLI from the Go module proxy, with a module file of our own (build/go.mod, go.sum).

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

# The newest version that the module proxy serves; build/go.mod says the same, and a test holds the two together.
VERSION = "v3.259.0"

_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SOURCES = Path(__file__).parent / "build"
SAY_EVERY_SECONDS = 5.0
# Modules, compiled packages and the binary took 3.1 GB on 2026-11-24.
NEEDED_BYTES = 4_000_000_000
_OTHERWISE = "Or install the Pulumi CLI yourself (https://www.pulumi.com/docs/install/) and run this again."


def executable() -> Path:
    """Where the CLI that we build lies in the cache; it may not be there."""
    return cache.folder() / "engine" / VERSION / "pulumi"


def build(notify: Callable[[str], None]) -> Path:
    """Build the CLI into the cache and return it. Two at once are safe: the second waits for the first.

    Args:
        notify: told what goes on, at least every 10 seconds.

    Raises:
        EngineError: there is no Go and none could be had, the build failed, or the disk is full.
    """
    with cache.unfinished(executable().parent, notify) as work:
        if work is not None:
            _need_room(work)
            go = go_toolchain.find_or_install(notify)
            started = time.monotonic()
            notify(f"Building Pulumi {VERSION} from source with {go.version}: about 4 minutes on 2 cores, once")
            _compile(go, work, notify)
            notify(f"Built Pulumi {VERSION} in {time.monotonic() - started:.0f} s")
            go.discard()
    return executable()


def _need_room(work: Path) -> None:
    free = shutil.disk_usage(work).free
    if free < NEEDED_BYTES:
        needed = f"{NEEDED_BYTES / 1e9:.0f} GB"
        raise EngineError(
            f"Building the engine takes {needed} of disk, and {work.parent} has {free / 1e9:.1f} GB free.",
            f"Free some space, or name another folder in TIERUP_CACHE. {_OTHERWISE}",
        )


def _compile(go: go_toolchain.Go, work: Path, notify: Callable[[str], None]) -> None:
    sources, log, binary = work / "sources", work / "build.log", work / "pulumi"
    sources.mkdir()
    for name in ("go.mod", "go.sum"):
        shutil.copy(_SOURCES / name, sources)
    started = last_said = time.monotonic()

    def watch() -> None:
        nonlocal last_said
        now = time.monotonic()
        if now - last_said < SAY_EVERY_SECONDS:
            return
        last_said = now
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
            f"If the Go module proxy cannot be reached, set GOPROXY to one that can. {_OTHERWISE}",
        )
    if version_of(binary) != VERSION:
        raise EngineError(f"The Pulumi that was built does not say that it is {VERSION}.", _OTHERWISE)
    cache.remove(sources)
    log.unlink()
