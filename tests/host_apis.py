"""The sandbox's server of the hosts' APIs for a test, and the environment with which the providers call it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from components.rest import client
from tierup.sandbox.host_apis.server import HostApiServer, host_environment
from tierup.sandbox.host_apis.store import HostStore


@contextmanager
def host_apis(monkeypatch: pytest.MonkeyPatch) -> Generator[HostApiServer]:
    """Serve the APIs, and let calls wait for nothing between their attempts."""
    server = HostApiServer(HostStore())
    monkeypatch.setattr(client, "FIRST_PAUSE_SECONDS", 0.0)
    for name, value in host_environment(server.port).items():
        monkeypatch.setenv(name, value)
    try:
        yield server
    finally:
        server.close()
