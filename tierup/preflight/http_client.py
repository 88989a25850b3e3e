"""JSON over HTTPS for the APIs of Cloudflare and MongoDB Atlas, with the errors of a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from tierup.http_session import TIMEOUT_SECONDS
from tierup.preflight.check import CheckNotPossibleError


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpAnswer:
    """The status and the JSON document of an answer. The document is empty if there is none."""

    status: int
    document: dict[str, Any]


def send(session: requests.Session, method: str, url: str, **arguments: Any) -> HttpAnswer:
    """Return the answer to a request.

    Raises:
        CheckNotPossibleError: there is no answer. The text contains no credentials.
    """
    host = url.split("/")[2]
    try:
        answer = session.request(method, url, timeout=TIMEOUT_SECONDS, **arguments)
    except requests.RequestException as error:
        kind = type(error).__name__
        raise CheckNotPossibleError(f"{host} could not be reached (got {kind}).") from error
    try:
        document = answer.json()
    except ValueError:
        document = {}
    if answer.status_code == 429:
        raise CheckNotPossibleError(f"{host} throttled every attempt (got status 429).")
    if answer.status_code >= 500:
        raise CheckNotPossibleError(f"{host} failed in every attempt (got status {answer.status_code}).")
    return HttpAnswer(status=answer.status_code, document=document if isinstance(document, dict) else {})
