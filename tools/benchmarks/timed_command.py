"""Runs a command and measures its time."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tierup.deployment.errors import CommandError


def seconds_of(command: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    """Run a command in a folder and return its duration in seconds. Raises CommandError if it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise CommandError(f"`{' '.join(command)}` failed: {_error(done)}")
    return seconds


def _error(done: subprocess.CompletedProcess[str]) -> str:
    """Return the error that a command printed."""
    try:
        document = json.loads(done.stdout)
    except ValueError:
        return (done.stderr or done.stdout).strip()[-600:]
    errors = [each["message"] for each in document.get("diagnostics", ()) if each["severity"] == "error"]
    return "; ".join(errors[:3]) or str(document.get("error"))
