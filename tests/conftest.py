"""The order of the tests: those on the engine start first, because they take longest."""

from __future__ import annotations

import gc
import os
import signal

import pytest


def pytest_configure() -> None:
    """Restore SIGINT, which a shell ignores in its background jobs. Tests interrupt child processes with it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores, because tests on the engine wait for half of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Exclude the imported modules from garbage collection, which otherwise takes a fifth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests. The sort is stable, so that tests of a file keep their order."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)
