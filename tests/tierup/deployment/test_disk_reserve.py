"""The reserve of the disk is released once, when the disk is nearly full, and ends the operation."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tierup.deployment.disk_reserve import DiskReserve


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def set_free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set the free space of every disk, in MiB."""

    def set_usage(mib: int) -> None:
        def usage(path: object) -> _Usage:
            del path
            return _Usage(1 << 40, 0, mib << 20)

        monkeypatch.setattr(shutil, "disk_usage", usage)

    return set_usage


def test_reserve_is_released_once_when_the_disk_is_nearly_full(tmp_path: Path, set_free: Callable[[int], None]) -> None:
    set_free(32)
    with DiskReserve(tmp_path) as reserve:
        assert not reserve.release_if_full()
        set_free(7)
        assert [reserve.release_if_full(), reserve.release_if_full()] == [True, False]
        assert reserve.released


def test_reserve_takes_space_and_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def take(descriptor: int, offset: int, length: int) -> None:
        del descriptor, offset
        taken.append(length)

    monkeypatch.setattr(os, "posix_fallocate", take, raising=False)
    with DiskReserve(tmp_path) as reserve:
        assert list(tmp_path.iterdir()) == []
        assert not reserve.released
    assert taken == [32 << 20]


def test_reserve_is_refused_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, offset: int, length: int) -> None:
        del descriptor, offset, length
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match="No space left"):
        DiskReserve(tmp_path)
