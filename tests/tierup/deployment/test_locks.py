"""The engine's lock files: a stale lock is removed, the lock of a running process is kept."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tierup.deployment import locks
from tierup.deployment.errors import CommandError, ExitCode


def lock(state: Path, *, pid: int, host: str | None = None, since: datetime | None = None) -> Path:
    """Write a lock file in the form of the engine (as v3.259.0 writes it, read 2026-11-24)."""
    folder = locks.lock_folder(state, "trial", "dev")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "174f16c7-6312-4ce1-bb64-c0e118403824.json"
    since = since or datetime.now(UTC)
    path.write_text(
        json.dumps(
            {
                "pid": pid,
                "username": "ada",
                "hostname": host or socket.gethostname(),
                "timestamp": since.isoformat().replace("+00:00", "Z"),
            }
        )
    )
    path.with_name(path.name + ".attrs").write_text("{}")
    return path


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_stale_lock_is_removed_with_a_message(tmp_path: Path) -> None:
    path = lock(tmp_path, pid=dead_pid())
    lines: list[str] = []
    locks.clear_stale_locks(tmp_path, "trial", "dev", lines.append)
    assert list(path.parent.iterdir()) == []
    assert len(lines) == 1
    assert "ada" in lines[0]


def test_the_lock_of_a_running_process_is_kept_and_its_holder_named(tmp_path: Path) -> None:
    path = lock(tmp_path, pid=os.getpid())
    with pytest.raises(CommandError) as caught:
        locks.clear_stale_locks(tmp_path, "trial", "dev", print)
    assert caught.value.code == ExitCode.LOCKED
    assert f"process {os.getpid()} of ada on {socket.gethostname()}" in caught.value.message
    assert path.exists()


def test_a_later_process_with_the_same_pid_is_not_the_holder(tmp_path: Path) -> None:
    path = lock(tmp_path, pid=os.getpid(), since=datetime.now(UTC) - timedelta(days=300))
    locks.clear_stale_locks(tmp_path, "trial", "dev", lambda _: None)
    assert not path.exists()


def test_a_lock_of_another_machine_is_kept(tmp_path: Path) -> None:
    path = lock(tmp_path, pid=dead_pid(), host="elsewhere")
    with pytest.raises(CommandError, match="on elsewhere"):
        locks.clear_stale_locks(tmp_path, "trial", "dev", print)
    assert path.exists()


def test_an_incomplete_lock_is_kept_until_it_is_old(tmp_path: Path) -> None:
    path = lock(tmp_path, pid=1)
    path.write_text('{"pid": 1')
    with pytest.raises(CommandError, match="another run is starting"):
        locks.clear_stale_locks(tmp_path, "trial", "dev", print)
    old = time.time() - 3600
    os.utime(path, (old, old))
    locks.clear_stale_locks(tmp_path, "trial", "dev", print)
    assert not path.exists()


def test_a_stack_without_locks_gets_no_message_about_stale_locks(tmp_path: Path) -> None:
    messages: list[str] = []
    locks.clear_stale_locks(tmp_path, "trial", "dev", messages.append)
    assert messages == []


def test_one_command_at_a_time_holds_a_stack(tmp_path: Path) -> None:
    with locks.hold_stack(tmp_path, "trial", "dev", wait_seconds=0, notify=print):
        with (
            pytest.raises(CommandError, match=f"process {os.getpid()}") as caught,
            locks.hold_stack(tmp_path, "trial", "dev", wait_seconds=0, notify=print),
        ):
            pytest.fail("it was held")
        assert caught.value.code == ExitCode.LOCKED
        with locks.hold_stack(tmp_path, "trial", "prod", wait_seconds=0, notify=print):
            pass
    with locks.hold_stack(tmp_path, "trial", "dev", wait_seconds=0, notify=print):
        pass
