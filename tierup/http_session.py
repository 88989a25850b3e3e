"""HTTP sessions for the APIs of vendors: one set of time-outs and retries.

tierup/ci/github.py has separate retries, because GitHub also throttles with status 403, states the time in other
headers, and requires a wait of at least a minute.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

TIMEOUT_SECONDS: Final = (5.0, 30.0)
"""The time-outs of a connection and of each read."""

backoff_seconds: float = 0.3
"""The first wait before a request is repeated; each later one is twice as long."""


def open_session(*, repeats: Collection[str] = ("GET",)) -> requests.Session:
    """Return a session that sends throttled and failed requests again, after the time in Retry-After.

    `repeats` are the HTTP methods of the requests that may be repeated.
    """
    retries = Retry(
        total=4,
        backoff_factor=backoff_seconds,
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
