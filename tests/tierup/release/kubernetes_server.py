"""An HTTP server that answers as the Kubernetes API documents it, with the objects that a test gives it."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class KubernetesServer:
    """The answers of the server, and the requests that it got."""

    answers: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    """"METHOD path" -> objects, texts, or pairs of a status and a message. Each is answered once, and the last one from
    then on. Others are not found."""
    requests: list[tuple[str, dict[str, str], Any, dict[str, str]]] = field(
        default_factory=list[tuple[str, dict[str, str], Any, dict[str, str]]]
    )
    """"METHOD path", parameters, body and headers."""
    url: str = ""

    def of(self, request: str) -> list[tuple[dict[str, str], Any, dict[str, str]]]:
        """Return parameters, body and headers of each such request."""
        return [(parameters, body, headers) for key, parameters, body, headers in self.requests if key == request]


@contextmanager
def kubernetes_server() -> Generator[KubernetesServer]:
    """Serve on a free port of this machine."""
    state = KubernetesServer()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = f"{self.command} {url.path}"
            given = json.loads(body) if body else None
            state.requests.append((key, dict(parse_qsl(url.query)), given, dict(self.headers)))
            known = state.answers.get(key)
            answer: Any = (
                (404, f'"{url.path}" not found') if not known else known.pop(0) if len(known) > 1 else known[0]
            )
            code = 200
            if isinstance(answer, tuple):
                code, message = answer
                answer = {"kind": "Status", "status": "Failure", "message": message, "code": code}
            content = answer if isinstance(answer, str) else json.dumps(answer)
            self.send_response(code)
            self.end_headers()
            self.wfile.write(content.encode())

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PATCH(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
