"""Fake `pulumi` and `go` commands: real processes on a separate PATH, with a separate cache."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

FakeCommand = Callable[[str, str], Path]


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is tierup's cache."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("TIERUP_CACHE", str(folder))
    return folder


@pytest.fixture
def fake_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCommand:
    """Write a shell script of this name; PATH holds such scripts and the system's commands, no Go and no Pulumi."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), "/usr/bin", "/bin"]))

    def write(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write
