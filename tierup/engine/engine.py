"""What is known of one Pulumi CLI: where it is, how old, whose, and the environment it needs."""

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

# Oldest CLI that we accept. Both sides of the wire are younger than this: the Python SDK that we pin (3.250 or newer)
# asks the engine for each feature before it uses it, but neither it nor our policy pack is tried on anything older,
# and a CLI more than a year behind its SDK is what Pulumi's own support asks to have updated first.
MINIMUM_VERSION = (3, 200, 0)

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


class EngineError(Exception):
    """The engine cannot be had. `problem` is one sentence; `remedy` says what to do."""

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
    """The executable, absolute."""
    version: str
    """As the CLI prints it, with the v: `v3.259.0`."""
    origin: Origin
    """`path`: the user's own. `official`: installed by us. `built`: compiled by us from the Go module proxy."""
    has_language_host: bool
    """Whether the official Python language host is there, so that our stand-in is not needed."""

    def environment(self) -> dict[str, str]:
        """The variables that a process needs to start this engine by name and to run a Python program on it.

        Lay it over `os.environ`. It is also what a user's shell needs for a plain `pulumi up`.
        """
        folders = [str(self.path.parent)]
        variables = {"PULUMI_SKIP_UPDATE_CHECK": "true"}
        if not self.has_language_host:
            variables |= {"TIERUP_PYTHON": sys.executable, "TIERUP_LANGUAGE_HOST": str(TIERUP_HOST)}
            # The engine warns of a host that does not lie beside it, so PATH is only the second choice.
            if not (self.path.parent / LANGUAGE_HOST).exists():
                folders.append(str(SHIMS))
        rest = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder not in folders]
        return {**variables, "PATH": os.pathsep.join([*folders, *rest])}


def official_language_host(engine: Path) -> Path | None:
    """The official `pulumi-language-python` that this engine would start, or None. Our stand-in does not count."""
    # Official installs lay it beside the CLI; package managers link both into one folder.
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
    """Whether this `pulumi-language-python` is ours, from this installation of tierup or from another."""
    # The official host is a compiled program of many megabytes; ours is a short script that names this variable.
    with language_host.open("rb") as file:
        return b"TIERUP_LANGUAGE_HOST" in file.read(4096)


def version_of(executable: Path) -> str | None:
    """What `pulumi version` prints (`v3.259.0`), or None where it does not run or prints no version."""
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
    """`v3.259.0` → (3, 259, 0); a pre-release counts as its release.

    Raises:
        ValueError: the text starts with no version.
    """
    match = _VERSION.match(version)
    if match is None:
        raise ValueError(f"{version!r} is not a version such as v3.259.0")
    major, minor, patch = match.groups()
    return int(major), int(minor), int(patch)
