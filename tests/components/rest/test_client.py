"""Calls of the hosts' APIs: retries, creates that are made once, and errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from components.netlify.api import API
from components.rest.client import ATTEMPTS, ApiError, UnansweredError, create_once
from tests.host_apis import host_apis
from tierup.sandbox.host_apis.server import HostApiServer
from tierup.sandbox.host_apis.store import Answer

BUSY, FAILED = Answer(429, {"message": "Too Many Requests"}), Answer(503, {"message": "unavailable"})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostApiServer]:
    with host_apis(monkeypatch) as found:
        yield found


@pytest.mark.parametrize("fault", [BUSY, FAILED])
def test_a_read_is_repeated_until_it_is_answered(server: HostApiServer, fault: Answer) -> None:
    server.faults += [fault, fault]
    assert API.call("GET", "/you/sites") == []
    assert len(server.calls) == 3


def test_a_throttled_create_is_repeated_because_it_had_no_effect(server: HostApiServer) -> None:
    server.faults.append(BUSY)
    assert API.call("POST", "/you/sites", body={"name": "one"})["name"] == "one"


def test_a_failed_create_is_not_repeated_blindly(server: HostApiServer) -> None:
    server.faults.append(FAILED)
    with pytest.raises(UnansweredError, match=r"Netlify: the server failed at POST /you/sites \(got status 503"):
        API.call("POST", "/you/sites", body={"name": "one"})
    assert len(server.calls) == 1


def test_attempts_end_with_the_reason_of_the_api(server: HostApiServer) -> None:
    server.faults += [BUSY] * ATTEMPTS
    with pytest.raises(ApiError, match=r"status 429: Too Many Requests\)\. Wait until the rate limit"):
        API.call("GET", "/you/sites")


def test_a_create_without_an_answer_finds_what_it_has_created() -> None:
    made: list[str] = []

    def create() -> str:
        made.append("site")
        raise UnansweredError("Netlify: no answer")

    assert create_once(lambda: made[0] if made else None, create) == "site"
    assert made == ["site"]


def test_a_missing_token_is_named_and_no_call_is_made(server: HostApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETLIFY_AUTH_TOKEN")
    with pytest.raises(ApiError, match=r"^NETLIFY_AUTH_TOKEN: the environment variable is missing"):
        API.call("GET", "/you/sites")
    assert server.calls == []


def test_a_rejected_token_is_named(server: HostApiServer) -> None:
    server.faults.append(Answer(401, {"code": 401, "message": "Access Denied"}))
    with pytest.raises(ApiError, match=r"got status 401: Access Denied\)\. Check the token in NETLIFY_AUTH_TOKEN"):
        API.call("GET", "/you/sites")


def test_an_unreachable_api_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with host_apis(monkeypatch):
        pass  # the server is closed, and its port refuses connections
    with pytest.raises(
        UnansweredError, match=r"no answer to GET /you/sites \(got ConnectionError\)\. Check the network"
    ):
        API.call("GET", "/you/sites")
