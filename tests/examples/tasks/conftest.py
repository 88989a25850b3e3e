"""The sample application on a real Redis and FerretDB, started once for each test file."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.examples.tasks.client import Client
from tools.app.processes import Application, started_services


@pytest.fixture(scope="module")
def application() -> Iterator[Application]:
    """Return the application with its services, and no process yet."""
    with started_services(print) as application:
        yield application


@pytest.fixture(scope="module")
def port(application: Application) -> int:
    """Return the port of a running API."""
    return application.start_api(variables={"DRAIN_SECONDS": "0"})[1]


@pytest.fixture
def client(port: int) -> Client:
    """Return a client without a session."""
    return Client(port=port)


@pytest.fixture
def user(client: Client) -> Client:
    """Return a client with the session of a new user."""
    return client.sign_up(f"{uuid.uuid4().hex}@example.com")
