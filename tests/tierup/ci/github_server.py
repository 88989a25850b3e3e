"""A local HTTP server that answers as GitHub's REST API documents, for one repository."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-the-tests"
BOT = "github-actions[bot]"


@dataclass
class FakeRepository:
    """The content of acme/shop, and the answers that the server gives before the real ones."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    issues: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    heads: dict[int, str] = field(default_factory=dict[int, str])
    closed: set[int] = field(default_factory=set[int])
    answers: list[tuple[int, dict[str, str], dict[str, Any]]] = field(
        default_factory=list[tuple[int, dict[str, str], dict[str, Any]]]
    )
    requests: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    files: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])  # by path and ref
    page_size: int = 100
    next_host: str | None = None

    def add_comment(self, body: str, login: str = BOT) -> dict[str, Any]:
        number = len(self.comments) + 1
        comment = {"id": number, "body": body, "user": {"login": login}, "html_url": f"{self.url}/c/{number}"}
        self.comments.append(comment)
        return comment

    def add_issue(self, body: str, login: str = BOT, **more: Any) -> dict[str, Any]:
        number = 100 + len(self.issues)
        issue = {
            "number": number,
            "title": "",
            "state": "open",
            "body": body,
            "user": {"login": login},
            "html_url": f"{self.url}/i/{number}",
            **more,
        }
        self.issues.append(issue)
        return issue


@contextmanager
def serve_github() -> Generator[FakeRepository]:
    """Yield the repository of a server on the loopback interface."""
    repository = FakeRepository()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def do_PUT(self) -> None:
            self._answer("PUT")

        def do_PATCH(self) -> None:
            self._answer("PATCH")

        def _answer(self, method: str) -> None:
            length = int(self.headers.get("content-length") or 0)
            document = json.loads(self.rfile.read(length)) if length else {}
            parts = urlsplit(self.path)
            repository.requests.append((method, parts.path))
            if repository.answers:
                self._send(*repository.answers.pop(0))
            elif self.headers["authorization"] != f"Bearer {TOKEN}":
                self._send(401, {}, {"message": "Bad credentials"})
            else:
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                self._send(*_answer(repository, method, parts.path, query, document))

        def _send(self, status: int, headers: dict[str, str], document: Any) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    repository.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield repository
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(
    repository: FakeRepository, method: str, path: str, query: dict[str, str], document: dict[str, Any]
) -> tuple[int, dict[str, str], Any]:
    base = "/repos/acme/shop"
    if not path.startswith(f"{base}/"):
        return 404, {}, {"message": "Not Found"}
    below = path.removeprefix(f"{base}/")
    if found := re.fullmatch(r"issues/(\d+)/comments", below):
        if method == "GET":
            return _page(repository, path, query, repository.comments)
        return 201, {}, repository.add_comment(document["body"])
    if found := re.fullmatch(r"issues/comments/(\d+)", below):
        repository.comments[int(found[1]) - 1] |= document
        return 200, {}, repository.comments[int(found[1]) - 1]
    if below == "issues" and method == "GET":
        chosen = [
            each
            for each in repository.issues
            if each["state"] == query["state"] and each["user"]["login"] == query["creator"]
        ]
        return _page(repository, path, query, chosen)
    if below == "issues":
        return 201, {}, repository.add_issue(**document)
    if found := re.fullmatch(r"issues/(\d+)", below):
        repository.issues[int(found[1]) - 100] |= document
        return 200, {}, repository.issues[int(found[1]) - 100]
    if below.startswith("contents/"):
        return _contents(repository, method, below.removeprefix("contents/"), query, document)
    if below == "pulls":
        if query.get("head") != "fork:patch-1":
            return 200, {}, []
        return 200, {}, [{"number": number, "head": {"sha": sha}} for number, sha in repository.heads.items()]
    if (found := re.fullmatch(r"pulls/(\d+)", below)) and int(found[1]) in repository.heads:
        number = int(found[1])
        state = "closed" if number in repository.closed else "open"
        return 200, {}, {"number": number, "state": state, "head": {"sha": repository.heads[number]}}
    return 404, {}, {"message": "Not Found"}


def _contents(
    repository: FakeRepository, method: str, path: str, query: dict[str, str], document: dict[str, Any]
) -> tuple[int, dict[str, str], Any]:
    if method == "GET":
        content = repository.files.get((path, query["ref"]))
        if content is None:
            return 404, {}, {"message": "Not Found"}
        return 200, {}, {"content": base64.encodebytes(content).decode(), "sha": f"blob-{len(content)}"}
    before = repository.files.get((path, document["branch"]))
    if document.get("sha") != (None if before is None else f"blob-{len(before)}"):
        return 409, {}, {"message": f"{path} does not match"}
    repository.files[path, document["branch"]] = base64.b64decode(document["content"])
    return 201, {}, {"commit": {"sha": "c" * 40}}


def _page(
    repository: FakeRepository, path: str, query: dict[str, str], entries: list[dict[str, Any]]
) -> tuple[int, dict[str, str], Any]:
    size, number = min(int(query.get("per_page", "30")), repository.page_size), int(query.get("page", "1"))
    shown = entries[(number - 1) * size : number * size]
    headers: dict[str, str] = {}
    if len(entries) > number * size:
        rest = "&".join(f"{key}={value}" for key, value in {**query, "page": str(number + 1)}.items())
        headers["link"] = f'<{repository.next_host or repository.url}{path}?{rest}>; rel="next"'
    return 200, headers, shown
