"""One Pulumi CLI: its path, version and origin, and the environment that it needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Origin = Literal["path", "official", "built"]

LANGUAGE_HOST = "pulumi-language-python"
SHIMS = Path(__file__).parent / "shims"
TIERUP_HOST = Path(__file__).parent / "language_host.py"

# The oldest supported CLI. The pinned Python SDK (3.250 or newer) queries the engine for each feature before use, but
# neither the SDK nor the policy pack is tested with an older CLI.
MINIMUM_VERSION = (3, 200, 0)

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


class EngineError(Exception):
    """There is no usable engine. `problem` is the error message; `remedy` says what to do."""

    problem: str
    remedy: str

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n{remedy}")
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """One usable Pulumi CLI."""

    path: Path
    """The absolute path of the executable."""
    version: str
    """The version as the CLI prints it, such as `v3.259.0`."""
    origin: Origin
    """`path`: on PATH. `official`: installed by tierup. `built`: built by tierup from the Go module proxy."""
    has_language_host: bool
    """Whether the engine has the official Python language host, so that it does not need tierup's."""

    def environment(self) -> dict[str, str]:
        """Return the variables with which a process can start this engine by name and run a Python program on it.

        Add them to `os.environ`. A user's shell needs them as well for a plain `pulumi up`.
        """
        folders = [str(self.path.parent)]
        variables = {"PULUMI_SKIP_UPDATE_CHECK": "true"}
        if not self.has_language_host:
            variables |= {"TIERUP_PYTHON": sys.executable, "TIERUP_LANGUAGE_HOST": str(TIERUP_HOST)}
            # The engine prints a warning about a host on PATH, so a host beside the engine is preferred.
            if not (self.path.parent / LANGUAGE_HOST).exists():
                folders.append(str(SHIMS))
        rest = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder not in folders]
        return {**variables, "PATH": os.pathsep.join([*folders, *rest])}


def official_language_host(engine: Path) -> Path | None:
    """Return the official `pulumi-language-python` that this engine would start, or None."""
    # The official installer puts it beside the CLI; package managers link both into one folder.
    beside = (engine.parent / LANGUAGE_HOST, engine.resolve().parent / LANGUAGE_HOST)
    for candidate in beside:
        if os.access(candidate, os.X_OK) and not is_tierup_host(candidate):
            return candidate
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which(LANGUAGE_HOST, path=folder) if folder else None
        if found is not None and not is_tierup_host(Path(found)):
            return Path(found)
    return None


def is_tierup_host(language_host: Path) -> bool:
    """Return whether a `pulumi-language-python` is tierup's, of this installation or another."""
    # The official host is a binary of many megabytes; tierup's is a short script that contains this variable.
    with language_host.open("rb") as file:
        return b"TIERUP_LANGUAGE_HOST" in file.read(4096)


def version_of(executable: Path) -> str | None:
    """Return the output of `pulumi version` (`v3.259.0`), or None if it does not run or prints no version."""
    try:
        done = subprocess.run(
            [executable, "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    printed = done.stdout.strip()
    return printed if done.returncode == 0 and _VERSION.match(printed) else None


def version_number(version: str) -> tuple[int, int, int]:
    """Return the parts of a version: `v3.259.0` gives (3, 259, 0). A pre-release counts as its release.

    Raises:
        ValueError: the text does not start with a version.
    """
    match = _VERSION.match(version)
    if match is None:
        raise ValueError(f"{version!r} is not a version such as v3.259.0")
    major, minor, patch = match.groups()
    return int(major), int(minor), int(patch)
