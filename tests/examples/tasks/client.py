"""A client of the sample application's API, with its own address and session."""

from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.app.processes import HOST, ORIGIN

_addresses = itertools.count(1)
PASSWORD = "a long password"


def new_address() -> str:
    """Return an IPv4 address that no other client uses, so that each has its own rate limit."""
    number = next(_addresses)
    return f"203.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass(frozen=True, kw_only=True)
class Response:
    """A response of the API."""

    status: int
    headers: Mapping[str, str]
    """Headers by lower-case name."""
    body: bytes

    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)


@dataclass(kw_only=True)
class Client:
    """A browser at an address, on the site of the application unless `origin` is another."""

    port: int
    address: str = field(default_factory=new_address)
    origin: str | None = ORIGIN
    cookie: str | None = None

    def send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None, timeout: float = 15
    ) -> Response:
        """Send a request through the load balancer, which sets X-Forwarded-For."""
        sent = {"X-Forwarded-For": self.address, **({"Origin": self.origin} if self.origin else {})}
        sent |= {"Cookie": self.cookie} if self.cookie else {}
        sent |= {"Content-Type": "application/json"} if body is not None else {}
        connection = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, body=content, headers={**sent, **(headers or {})})
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Response(status=response.status, headers=fields, body=response.read())
        finally:
            connection.close()

    def sign_up(self, email: str) -> Client:
        """Create a user, keep the session, and return this client."""
        response = self.send("POST", "/api/users", {"email": email, "password": PASSWORD})
        assert response.status == 201, response.body
        self.cookie = response.headers["set-cookie"].split(";")[0]
        return self
