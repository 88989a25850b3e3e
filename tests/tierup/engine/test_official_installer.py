from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from tierup.engine import EngineError, official_installer

pytestmark = pytest.mark.usefixtures("cache_folder")

# The last argument is the folder to install into, as for the real one.
INSTALLS = "mkdir -p $1/bin && printf '#!/bin/sh\\necho v9.9.9\\n' > $1/bin/pulumi && chmod +x $1/bin/pulumi"


def _installer(script: str) -> list[str]:
    return ["/bin/sh", "-c", script, "installer"]


def test_installed_cli_is_kept_in_the_cache(cache_folder: Path) -> None:
    messages: list[str] = []
    installed = official_installer.install(
        messages.append, installer=_installer(f"echo tarball > $TMPDIR/tarball; {INSTALLS}")
    )
    assert installed == official_installer.executable()
    assert os.access(official_installer.executable(), os.X_OK)
    assert official_installer.version() in messages[0]
    assert not list(cache_folder.rglob("tarball"))


@pytest.mark.parametrize("script", ["exit 1", "true", f"{INSTALLS}; echo exit 1 > $1/bin/pulumi"])
def test_an_installer_without_a_working_cli_leaves_nothing(cache_folder: Path, script: str) -> None:
    messages: list[str] = []
    assert official_installer.install(messages.append, installer=_installer(script)) is None
    assert messages[-1] == "The official installer cannot reach its download site"
    assert [path.name for path in (cache_folder / "engine").iterdir()] == [
        f"official-{official_installer.version()}.lock"
    ]


def test_a_hanging_installer_is_ended_with_its_children(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    hanging = _installer(f"sleep 600 & echo $! > {pid_file}; wait")
    assert official_installer.install(lambda _: None, installer=hanging, quiet_seconds=0.6) is None
    pid = int(pid_file.read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_slow_installer_is_awaited() -> None:
    slow = _installer(f"for n in 1 2 3 4 5; do sleep 0.4; echo $n >> $TMPDIR/tarball; done; {INSTALLS}")
    assert (
        official_installer.install(lambda _: None, installer=slow, quiet_seconds=1.2) == official_installer.executable()
    )


def test_an_unwritable_cache_stops_the_installer(cache_folder: Path) -> None:
    cache_folder.write_text("a file, not a folder")
    with pytest.raises(EngineError, match="is not writable"):
        official_installer.install(lambda _: None, installer=_installer(INSTALLS))
