"""The order of the tests: what drives the engine first, since it takes longest and the others fill the gaps."""

from __future__ import annotations

import signal

import pytest


def pytest_configure() -> None:
    """A shell starts its background jobs with SIGINT ignored, and so would be what we start to interrupt it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stable, so that files keep their order within."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)
