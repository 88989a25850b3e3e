"""CPU limits for the load run, by the kernel's control groups (Linux, usually as root).

    tierup-load-<pid>          has priority over all other programs of the machine
    tierup-load-<pid>/rest     the load generator, the database and Redis: no limit
    tierup-load-<pid>/api      the API: the CPU quota of a task

It supports both versions of control groups: https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html (cpu.max,
cpu.weight) and https://www.kernel.org/doc/html/latest/scheduler/sched-bwc.html (cpu.cfs_quota_us), from memory.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tierup.deployment.errors import CommandError, ExitCode

_PERIOD_MICROSECONDS = 100_000
_HIGHEST_SHARES = 262_144  # version 1
_HIGHEST_WEIGHT = 10_000  # version 2


@dataclass(frozen=True, kw_only=True, slots=True)
class CpuLimits:
    """The control group of a load run."""

    group: Path
    first_version: bool

    @contextmanager
    def limited_to(self, cpu_units: int) -> Generator[Callable[[], None]]:
        """Yield a function with which a new process enters a group with this CPU quota; 1,024 units are one CPU."""
        limited = self.group / "api"
        quota = _PERIOD_MICROSECONDS * cpu_units // 1024
        limited.mkdir(exist_ok=True)
        if self.first_version:
            _write(limited / "cpu.cfs_period_us", _PERIOD_MICROSECONDS)
            _write(limited / "cpu.cfs_quota_us", quota)
        else:
            _write(limited / "cpu.max", f"{quota} {_PERIOD_MICROSECONDS}")
        yield lambda: _write(limited / "cgroup.procs", 0)


@contextmanager
def prioritised() -> Generator[CpuLimits]:
    """Move this process, and so its later children, into a group with priority, until the block ends.

    Raises:
        CommandError: this user or this machine cannot limit the CPU.
    """
    first_version = Path("/sys/fs/cgroup/cpu/cpu.shares").exists()
    root = Path("/sys/fs/cgroup/cpu" if first_version else "/sys/fs/cgroup")
    group = root / f"tierup-load-{os.getpid()}"
    before = root / _own_group(first_version=first_version).lstrip("/")
    try:
        try:
            group.mkdir()
            if first_version:
                _write(group / "cpu.shares", _HIGHEST_SHARES)
            else:
                _write(group / "cpu.weight", _HIGHEST_WEIGHT)
                _write(group / "cgroup.subtree_control", "+cpu")
            (group / "rest").mkdir()
            _write(group / "rest" / "cgroup.procs", 0)
        except OSError as error:
            raise CommandError(
                f"{group}: the CPU cannot be limited here (got {error.strerror}). Run the command as root on Linux, "
                "with the CPU controller of control groups.",
                ExitCode.SETTINGS,
            ) from error
        yield CpuLimits(group=group, first_version=first_version)
    finally:
        with suppress(OSError):
            _write(before / "cgroup.procs", 0)
        for folder in (group / "api", group / "rest", group):
            _remove(folder)


def _own_group(*, first_version: bool) -> str:
    """Return the group of this process below the root, from /proc/self/cgroup."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers == ("cpu" if first_version else ""):
                return path
    return "/"


def _write(file: Path, value: object) -> None:
    file.write_text(str(value), encoding="ascii")


def _remove(group: Path) -> None:
    # The kernel refuses while the group has a process; a process that received a signal ends soon.
    for _ in range(50):
        if not group.exists():
            return
        with suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)
