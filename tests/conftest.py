"""The order of the tests: what drives the engine first, since it takes longest and the others fill the gaps."""

from __future__ import annotations

import gc
import os
import signal

import pytest


def pytest_configure() -> None:
    """A shell starts its background jobs with SIGINT ignored, and so would be what we start to interrupt it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests that drive the engine wait for it half of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """What is imported by now stays: a fifth of all time went into looking for garbage among the providers' SDKs."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stable, so that files keep their order within."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)
