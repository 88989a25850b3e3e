"""Wait for another process, or pause one."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import psutil


def wait_until(what: Callable[[], object], seconds: float) -> None:
    """Wait until `what` returns true. Raises AssertionError after the given number of seconds.

    Give a number that is far too large: it costs time only if the test fails, and a busy machine is slow.
    """
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


@contextmanager
def paused_engine(tierup: int) -> Generator[None]:
    """Pause the engine of a `tierup` process, so that its operation does not end before the block does."""
    engines = [child for child in psutil.Process(tierup).children() if child.name() == "pulumi"]
    assert engines, "the process runs no engine"
    for engine in engines:
        engine.suspend()
    try:
        yield
    finally:
        for engine in engines:
            engine.resume()
