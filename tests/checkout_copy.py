"""A temporary copy of the checkout, for tests that change files of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copy_checkout(folder: Path, *, git: bool = False) -> Path:
    """Copy the files that git tracks or would add, link .venv, and return the folder. `git` makes it a repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    if git:
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    return folder


def run_in(folder: Path, command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a copy, which imports the copy's packages and not the checkout's; `python` is that of .venv."""
    variables = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    variables.pop("PYTEST_ADDOPTS", None)
    program = str(ROOT / ".venv/bin" / command[0]) if (ROOT / ".venv/bin" / command[0]).exists() else command[0]
    return subprocess.run(
        [program, *command[1:]], cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=600
    )
