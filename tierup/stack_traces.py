"""Runs of the program against mocks without stack traces.

For each resource, Pulumi's SDK reads the lines of the program that create it, so that a state can name them
(`pulumi.runtime.resource._get_stack_trace`, SDK 3.250 to 3.259, read 2026-11-28). Mocks keep no state, and the traces
take a quarter of the time of such a run.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import patch

from pulumi.runtime.proto import source_pb2


@contextmanager
def without_stack_traces() -> Generator[None]:
    """Register resources without the lines of the program that create them."""
    # `create` allows an SDK that has renamed the function: the run then only takes longer.
    with patch("pulumi.runtime.resource._get_stack_trace", source_pb2.StackTrace, create=True):
        yield
