"""Calls of a JSON API with a bearer token: retries, errors with the API's own message, and creates that are repeatable.

The token comes from an environment variable of the run. It is read at each call, so neither the state nor the
serialised provider contains it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

import requests

ATTEMPTS: Final = 5
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 60.0
_TIMEOUT_SECONDS: Final = 60.0
_SHOWN: Final = 300  # characters of an answer that is not JSON
_Found = TypeVar("_Found")


class ApiError(Exception):
    """The API rejects a call; the message names the service, the call and the API's reason."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class UnansweredError(Exception):
    """A call has no usable answer (no connection, a time-out, or a server error), so it may have had its effect."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JsonApi:
    """One API. `base_url_variable` is the environment variable that replaces the base URL, for tests."""

    service: str
    base_url: str
    base_url_variable: str
    token_variable: str
    token_page: str
    """Where a user creates a token."""

    def call(
        self, method: str, path: str, *, parameters: Mapping[str, str | int] | None = None, body: object = None
    ) -> Any:
        """Return the answer of a call, or None if it is empty.

        A call that the API throttles (429) is repeated after the time that it names. A call without an answer is
        repeated unless it creates something (POST): `create_once` does that.

        Raises:
            ApiError: the API rejects the call.
            UnansweredError: there is no answer.
        """
        repeatable = method != "POST"
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                response = self._send(method, path, parameters, body)
            except requests.RequestException as error:
                if repeatable and not last:
                    time.sleep(_pause(attempt, None))
                    continue
                raise UnansweredError(
                    f"{self.service}: no answer to {method} {path} (got {type(error).__name__}). Check the network, "
                    "and run the command again."
                ) from error
            status = response.status_code
            if status == HTTPStatus.TOO_MANY_REQUESTS and not last:
                time.sleep(_pause(attempt, response.headers.get("Retry-After")))
                continue
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                if repeatable and not last:
                    time.sleep(_pause(attempt, response.headers.get("Retry-After")))
                    continue
                raise UnansweredError(
                    f"{self.service}: the server failed at {method} {path} (got status {status}: {_reason(response)}). "
                    "Run the command again."
                )
            if status >= HTTPStatus.BAD_REQUEST:
                raise ApiError(self._rejection(method, path, response), status)
            return response.json() if response.content else None
        raise AssertionError("unreachable")

    def _send(
        self, method: str, path: str, parameters: Mapping[str, str | int] | None, body: object
    ) -> requests.Response:
        token = os.environ.get(self.token_variable)
        if not token:
            raise ApiError(
                f"{self.token_variable}: the environment variable is missing, and {self.service} needs a token. Create "
                f"one at {self.token_page}, and export it.",
                HTTPStatus.UNAUTHORIZED,
            )
        base = os.environ.get(self.base_url_variable) or self.base_url
        return requests.request(
            method,
            f"{base}{path}",
            params=dict(parameters or {}),
            json=body,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=_TIMEOUT_SECONDS,
        )

    def _rejection(self, method: str, path: str, response: requests.Response) -> str:
        if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            hint = f"Check the token in {self.token_variable}, and what it may do."
        elif response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            hint = "Wait until the rate limit allows more calls, and run the command again."
        else:
            hint = "Correct the setting that the reason names."
        return (
            f"{self.service}: rejected {method} {path} (got status {response.status_code}: {_reason(response)}). {hint}"
        )


def create_once(find: Callable[[], _Found | None], create: Callable[[], _Found]) -> _Found:
    """Return what `find` finds, else what `create` creates.

    After a create without an answer it looks again before it repeats the create, so that nothing is created twice.
    """
    for attempt in range(1, ATTEMPTS + 1):
        found = find()
        if found is not None:
            return found
        try:
            return create()
        except UnansweredError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(_pause(attempt, None))
    raise AssertionError("unreachable")


def _pause(attempt: int, retry_after: str | None) -> float:
    """Return the seconds before the next attempt: those that the API names, else twice as many each time."""
    if retry_after is not None and retry_after.strip().isdigit():
        return min(float(retry_after), LONGEST_PAUSE_SECONDS)
    return min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS)


def _reason(response: requests.Response) -> str:
    """Return the API's own message, or the start of an answer that is not JSON."""
    try:
        found = response.json()
    except ValueError:
        return response.text.strip()[:_SHOWN] or "no message"
    if isinstance(found, dict):
        answer = cast("dict[str, Any]", found)
        reason = answer.get("message") or answer.get("error") or answer.get("errors")
        if reason:
            return str(reason)[:_SHOWN]
    return str(found)[:_SHOWN]
