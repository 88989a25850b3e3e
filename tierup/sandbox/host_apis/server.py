"""The HTTP server of the hosts' APIs: Netlify's below /netlify, Railway's at /railway."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from . import netlify, railway
from .store import Answer, HostStore

TOKEN: Final = "sandbox"  # noqa: S105 (public: the sandbox holds no real secret)


class HostApiServer:
    """Serves the APIs on a port of 127.0.0.1 until it is closed. It accepts every bearer token."""

    def __init__(self, store: HostStore, port: int = 0) -> None:
        self.store = store
        self.faults: list[Answer] = []
        """Answers that the next calls get instead of their own, with `Retry-After: 0`."""
        self.calls: list[tuple[str, str]] = []
        """The method and the path of each call, for tests."""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                content = self.rfile.read(length)
                answer = server.answer(self.command, self.path, self.headers.get("Authorization"), content)
                payload = b"" if answer.body is None else json.dumps(answer.body).encode()
                self.send_response(answer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                if answer.status in (429, 503):
                    self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815 (the names of http.server)

            def log_message(self, format: str, *args: Any) -> None:
                """Log nothing: the sandbox's log is for errors."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """The port of 127.0.0.1."""
        return self._server.server_address[1]

    def answer(self, method: str, target: str, authorization: str | None, content: bytes) -> Answer:
        """Answer one call."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        self.calls.append((method, path))
        if self.faults:
            return self.faults.pop(0)
        if not (authorization or "").startswith("Bearer "):
            return Answer(401, {"code": 401, "message": "Access Denied"})
        body = json.loads(content) if content else None
        with self.store.lock:
            self.store.forget_if_reset()
            if path.startswith("/netlify/"):
                query = dict(parse_qsl(parts.query))
                return netlify.handle(self.store, method, path.removeprefix("/netlify"), query, body)
            if path == "/railway" and method == "POST" and isinstance(body, dict):
                return railway.handle(self.store, body)
        return Answer(404, {"code": 404, "message": "Not Found"})

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def host_environment(port: int) -> Mapping[str, str]:
    """Return the environment with which the program's dynamic providers call this server instead of the hosts."""
    return {
        "NETLIFY_API_URL": f"http://127.0.0.1:{port}/netlify",
        "NETLIFY_AUTH_TOKEN": TOKEN,
        "RAILWAY_API_URL": f"http://127.0.0.1:{port}/railway",
        "RAILWAY_API_TOKEN": TOKEN,
    }
