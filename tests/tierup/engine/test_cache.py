from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tierup.engine import EngineError, cache

FILL = """
import sys
from pathlib import Path
from tierup.engine import cache
with cache.unfinished(Path(sys.argv[1]), print) as work:
    if work is None:
        print("it was there", flush=True)
    else:
        (work / "half").write_text("half")
        print("filling", flush=True)
        if sys.argv[2] == "hold":
            sys.stdin.readline()
        (work / "half").rename(work / "whole")
"""


def _fill(target: Path, *, hold: bool = False) -> subprocess.Popen[str]:
    """Start a process that fills the folder; with `hold` it continues once its stdin is closed."""
    command = [sys.executable, "-u", "-c", FILL, str(target), "hold" if hold else "continue"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _until_filling(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "filling\n"


def _silent(_: str) -> None: ...


def test_folder_appears_complete_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "cache" / "thing"
    with cache.unfinished(target, _silent) as work:
        assert work is not None
        (work / "file").write_text("all")
        assert not target.exists()
    assert (target / "file").read_text() == "all"


def test_an_exception_leaves_no_folder(tmp_path: Path) -> None:
    target = tmp_path / "thing"

    def fill_and_fail() -> None:
        with cache.unfinished(target, _silent) as work:
            assert work is not None
            (work / "file").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fill_and_fail()
    assert [path.name for path in tmp_path.iterdir()] == ["thing.lock"]


@pytest.mark.parametrize("kill_signal", [signal.SIGINT, signal.SIGKILL])
def test_a_killed_process_leaves_no_target_and_the_next_removes_its_folder(
    tmp_path: Path, kill_signal: signal.Signals
) -> None:
    target = tmp_path / "thing"
    with _fill(target, hold=True) as first:
        _until_filling(first)
        first.send_signal(kill_signal)
    assert not target.exists()
    with _fill(target) as second:
        _until_filling(second)
    assert second.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["thing", "thing.lock"]
    assert [path.name for path in target.iterdir()] == ["whole"]


def test_second_process_waits_and_finds_the_folder(tmp_path: Path) -> None:
    target = tmp_path / "thing"
    with _fill(target, hold=True) as first:
        _until_filling(first)
        with _fill(target) as second:
            assert second.stdout is not None
            assert first.stdin is not None
            assert second.stdout.readline() == "Waiting for another tierup command that prepares thing\n"
            first.stdin.close()
            printed, _ = second.communicate(timeout=240)
    assert printed == "it was there\n"


def test_a_full_disk_is_reported(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no space left") as caught, cache.unfinished(tmp_path / "thing", _silent):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "TIERUP_CACHE" in caught.value.remedy


def test_an_unwritable_cache_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(EngineError, match="is not writable"),
        cache.unfinished(tmp_path / "file" / "engine" / "thing", _silent),
    ):
        pytest.fail("there is no folder to fill")


def test_read_only_folders_are_removed(tmp_path: Path) -> None:
    module = tmp_path / "modules" / "one@v1"
    module.mkdir(parents=True)
    (module / "go.mod").write_text("")
    (module / "go.mod").chmod(0o444)
    module.chmod(0o555)
    cache.remove(tmp_path / "modules")
    assert not (tmp_path / "modules").exists()


def test_tierup_cache_sets_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERUP_CACHE", str(tmp_path))
    assert cache.folder() == tmp_path
    monkeypatch.delenv("TIERUP_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder().name == "tierup"
