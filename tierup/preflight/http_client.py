"""JSON over HTTPS for the APIs of Cloudflare and MongoDB Atlas, with time-outs and retries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from tierup.preflight.check import CheckNotPossibleError

_TIMEOUT_SECONDS: Final = (5.0, 15.0)  # connect, read


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpAnswer:
    """The status and the JSON document of an answer. The document is empty if there is none."""

    status: int
    document: dict[str, Any]


def open_session(*, repeats: Collection[str] = ("GET",)) -> requests.Session:
    """Return a session that sends throttled and failed requests again, after the time in Retry-After.

    `repeats` are the HTTP methods of the requests that may be repeated.
    """
    retries = Retry(
        total=4,
        backoff_factor=0.3,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=frozenset(repeats),
        raise_on_status=False,
    )
    session = requests.Session()
    session.trust_env = True
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retries))
    session.headers["User-Agent"] = "tierup"
    return session


def send(session: requests.Session, method: str, url: str, **arguments: Any) -> HttpAnswer:
    """Return the answer to a request.

    Raises:
        CheckNotPossibleError: there is no answer. The text contains no credentials.
    """
    host = url.split("/")[2]
    try:
        answer = session.request(method, url, timeout=_TIMEOUT_SECONDS, **arguments)
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
