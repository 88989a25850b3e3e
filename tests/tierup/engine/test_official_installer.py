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


def test_what_the_installer_brings_is_kept(cache_folder: Path) -> None:
    told: list[str] = []
    installed = official_installer.install(
        told.append, installer=_installer(f"echo tarball > $TMPDIR/tarball; {INSTALLS}")
    )
    assert installed == official_installer.executable()
    assert os.access(official_installer.executable(), os.X_OK)
    assert official_installer.version() in told[0]
    assert not list(cache_folder.rglob("tarball"))


@pytest.mark.parametrize("script", ["exit 1", "true", f"{INSTALLS}; echo exit 1 > $1/bin/pulumi"])
def test_an_installer_that_brings_no_working_cli_leaves_nothing(cache_folder: Path, script: str) -> None:
    told: list[str] = []
    assert official_installer.install(told.append, installer=_installer(script)) is None
    assert told[-1] == "The official installer cannot be reached from here"
    assert [path.name for path in (cache_folder / "engine").iterdir()] == [
        f"official-{official_installer.version()}.lock"
    ]


def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    hanging = _installer(f"sleep 600 & echo $! > {pid_file}; wait")
    assert official_installer.install(lambda _: None, installer=hanging, quiet_seconds=0.6) is None
    pid = int(pid_file.read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_one_that_is_slow_but_alive_is_waited_for() -> None:
    slow = _installer(f"for n in 1 2 3 4 5; do sleep 0.4; echo $n >> $TMPDIR/tarball; done; {INSTALLS}")
    assert (
        official_installer.install(lambda _: None, installer=slow, quiet_seconds=1.2) == official_installer.executable()
    )


def test_a_cache_that_cannot_be_written_stops_it(cache_folder: Path) -> None:
    cache_folder.write_text("a file, not a folder")
    with pytest.raises(EngineError, match="cannot be written"):
        official_installer.install(lambda _: None, installer=_installer(INSTALLS))
