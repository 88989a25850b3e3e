"""Local servers that answer as the clouds document: AWS (moto), Atlas, Cloudflare and DNS.

moto's application handles AWS. A server before it serves what moto lacks, in pages of two: Service Quotas, the
policies of CloudFront, the vCPUs of ECS tasks, and availability zones without Fargate. It also injects errors for
single operations.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import dns.message
import dns.rrset
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class AwsServer:
    """moto's HTTP server, with what moto lacks and injected errors."""

    quotas: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    """Applied values by service and code."""
    default_quotas: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    errors: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Operation → error codes: each is answered once, and the last one from then on."""
    calls: Counter[str] = field(default_factory=Counter[str])
    policies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Ids of CloudFront's custom policies, by the last part of their path; moto has none."""
    tasks: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    """Running ECS tasks by the ARN of their cluster, as DescribeTasks returns them; moto's tasks have no `cpu`."""
    zones: dict[str, str] = field(default_factory=dict[str, str])
    """Availability zones, name → id, in place of moto's; moto has none without Fargate."""
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    """Operation of a JSON API → documents in place of moto's: each is answered once, and the last one from then on."""
    url: str = ""

    def start(self) -> Callable[[], None]:
        """Start the server, and return what stops it."""
        moto: Any = DomainDispatcherApplication(create_backend_app)

        def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            request = Request(environ)
            body = request.get_data(cache=True)
            operation = _operation(request, body)
            self.calls[operation] += 1
            answer = (
                self._injected(operation, request)
                or self._answers(operation)
                or self._quotas(operation, body)
                or self._policies(request)
                or self._tasks(operation, body)
                or self._zones(operation)
            )
            if answer is not None:
                return answer(environ, start_response)
            environ["wsgi.input"] = io.BytesIO(body)  # which has been read
            return moto(environ, start_response)

        server = make_server("127.0.0.1", 0, application, threaded=True)
        self.url = f"http://127.0.0.1:{server.port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.shutdown

    def _injected(self, operation: str, request: Request) -> Response | None:
        codes = self.errors.get(operation)
        if not codes:
            return None
        code = codes.pop(0) if len(codes) > 1 or codes[0] == "" else codes[0]
        if not code:
            return None
        status = 400 if code.startswith("Throttl") else 403
        if "X-Amz-Target" in request.headers:
            return _amazon_json({"__type": code, "message": "injected"}, status)
        if request.path.startswith("/clusters"):  # EKS: JSON with the code in a header
            answer = _amazon_json({"message": "injected"}, status)
            answer.headers["x-amzn-errortype"] = code
            return answer
        if request.method == "HEAD":
            return Response(status=503 if code.startswith("Throttl") else 403)
        error = f"<Error><Code>{code}</Code><Message>injected</Message></Error>"
        return Response(
            f"<Response><Errors>{error}</Errors>{error}<RequestID>1</RequestID></Response>",
            status,
            content_type="text/xml",
        )

    def _answers(self, operation: str) -> Response | None:
        documents = self.answers.get(operation)
        if not documents:
            return None
        return _amazon_json(documents.pop(0) if len(documents) > 1 else documents[0])

    def _policies(self, request: Request) -> Response | None:
        """List CloudFront's policies in pages of two."""
        kind = request.path.rpartition("/")[2]
        tags = {"cache-policy": "CachePolicy", "response-headers-policy": "ResponseHeadersPolicy"}
        if kind not in tags or request.method != "GET":
            return None
        ids, tag = self.policies.get(kind, []), tags[kind]
        start = int(request.args.get("Marker") or 0)
        items = "".join(
            f"<{tag}Summary><Type>custom</Type><{tag}><Id>{each}</Id></{tag}></{tag}Summary>"
            for each in ids[start : start + 2]
        )
        marker = f"<NextMarker>{start + 2}</NextMarker>" if start + 2 < len(ids) else ""
        body = f"{marker}<MaxItems>2</MaxItems><Quantity>{len(ids)}</Quantity><Items>{items}</Items>"
        return Response(f"<{tag}List>{body}</{tag}List>", content_type="text/xml")

    def _quotas(self, operation: str, body: bytes) -> Response | None:
        source = {
            "ListServiceQuotas": self.quotas,
            "ListAWSDefaultServiceQuotas": self.default_quotas,
        }.get(operation)
        if source is None:
            return None
        given = json.loads(body)
        rows = [
            {"ServiceCode": given["ServiceCode"], "QuotaCode": code, "Value": value}
            for code, value in source.get(given["ServiceCode"], {}).items()
        ]
        return _page_of_two(given, "NextToken", "Quotas", rows)

    def _tasks(self, operation: str, body: bytes) -> Response | None:
        """Answer ListTasks and DescribeTasks.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html and API_Task.html (read
        2026-11-28): at most 100 tasks in a call; `cpu` is a string with the CPU units of the task.
        """
        if operation not in ("ListTasks", "DescribeTasks"):
            return None
        given = json.loads(body)
        tasks = {each["taskArn"]: each for each in self.tasks.get(given["cluster"], [])}
        if operation == "ListTasks":
            return _page_of_two(given, "nextToken", "taskArns", list(tasks))
        if len(given["tasks"]) > 100:
            error = {"__type": "InvalidParameterException", "message": "Tasks cannot have more than 100 elements"}
            return _amazon_json(error, 400)
        found = [tasks[arn] for arn in given["tasks"] if arn in tasks]
        failures = [{"arn": arn, "reason": "MISSING"} for arn in given["tasks"] if arn not in tasks]
        return _amazon_json({"tasks": found, "failures": failures})

    def _zones(self, operation: str) -> Response | None:
        if operation != "DescribeAvailabilityZones" or not self.zones:
            return None
        items = "".join(
            f"<item><zoneName>{name}</zoneName><zoneId>{id_}</zoneId><zoneState>available</zoneState>"
            "<optInStatus>opt-in-not-required</optInStatus></item>"
            for name, id_ in self.zones.items()
        )
        answer = "DescribeAvailabilityZonesResponse"
        body = f"<{answer}><availabilityZoneInfo>{items}</availabilityZoneInfo></{answer}>"
        return Response(body, content_type="text/xml")


def _page_of_two(given: Mapping[str, Any], token: str, key: str, rows: list[Any]) -> Response:
    """Return two rows, from the one that the token of the request names, and the token of the next page."""
    start = int(given.get(token) or 0)
    more = {token: str(start + 2)} if start + 2 < len(rows) else {}
    return _amazon_json({key: rows[start : start + 2], **more})


def _amazon_json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/x-amz-json-1.1")


def _operation(request: Request, body: bytes) -> str:
    """Return the name of the called operation; of REST APIs, method and path."""
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return target.rpartition(".")[2]
    action = parse_qs(body.decode(errors="replace")).get("Action")
    return action[0] if action else f"{request.method} {request.path}"


Answer = tuple[int, Any]


class JsonServer:
    """A server with one function for each path pattern: `{"/orgs/.*": lambda match: (200, {...})}`."""

    def __init__(self, routes: Mapping[str, Callable[[re.Match[str]], Answer]]) -> None:
        self.routes = dict(routes)
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version: ClassVar[str] = "HTTP/1.1"  # pyright: ignore[reportIncompatibleVariableOverride]

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self._answer()

            def _answer(self) -> None:
                outer.requests.append(f"{self.command} {self.path}")
                status, document, headers = outer.answer(self)
                content = json.dumps(document).encode()
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, document and headers."""
        rejection = self.reject(request)
        if rejection is not None:
            return rejection
        path = urlsplit(request.path)
        for pattern, route in self.routes.items():
            match = re.fullmatch(pattern, f"{path.path}?{path.query}" if "\\?" in pattern else path.path)
            if match:
                return (*route(match), {})
        return 404, self.not_found(), {}

    def reject(self, request: BaseHTTPRequestHandler) -> tuple[int, Any, Mapping[str, str]] | None:
        """Return the answer to a request without valid credentials."""
        del request
        return None

    def not_found(self) -> Any:
        """Return the document of an unknown path."""
        return {}


class AtlasServer(JsonServer):
    """The Atlas Administration API, with digest and bearer authentication."""

    PUBLIC, PRIVATE = "abcdefgh", "11111111-2222-3333-4444-555555555555"
    CLIENT, SECRET = "mdb_sa_id_0123456789abcdef01234567", "mdb_sa_sk_secret"
    ORGANIZATION = "5f3b0c2e9d1a4b7c8e6f0a12"

    def __init__(self) -> None:
        super().__init__(
            {
                r"/api/atlas/v2/orgs/([0-9a-f]{24})": self._organization,
                r"/api/atlas/v2/groups/byName/(.+)": self._project,
            }
        )
        self.on_access_list = True
        self.projects: dict[str, Mapping[str, Any]] = {}

    def _organization(self, match: re.Match[str]) -> Answer:
        if match[1] != self.ORGANIZATION:
            return self._error(404, "RESOURCE_NOT_FOUND", match[1])
        return 200, {"id": match[1], "name": "Example"}

    def _project(self, match: re.Match[str]) -> Answer:
        project = self.projects.get(match[1])
        return (200, project) if project else self._error(404, "GROUP_NAME_NOT_FOUND", match[1])

    @staticmethod
    def _error(status: int, code: str, *parameters: str) -> Answer:
        return status, {"error": status, "errorCode": code, "detail": code, "parameters": list(parameters)}

    def reject(self, request: BaseHTTPRequestHandler) -> tuple[int, Any, Mapping[str, str]] | None:
        """Authenticate, then apply the access list, as Atlas does."""
        given = request.headers.get("Authorization", "")
        if request.path == "/api/oauth/token":
            wanted = base64.b64encode(f"{self.CLIENT}:{self.SECRET}".encode()).decode()
            if given != f"Basic {wanted}":
                return 401, {"error": "invalid_client"}, {}
            return 200, {"access_token": "token-of-the-account", "token_type": "Bearer", "expires_in": 3600}, {}
        if given != "Bearer token-of-the-account" and not self._is_digest(request, given):
            challenge = f'Digest realm="MMS Public API", domain="", nonce="{"0" * 32}", algorithm=MD5, qop="auth"'
            return (*self._error(401, "USER_UNAUTHORIZED"), {"WWW-Authenticate": challenge})
        if not self.on_access_list:
            return (*self._error(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "203.0.113.9"), {})
        return None

    def _is_digest(self, request: BaseHTTPRequestHandler, given: str) -> bool:
        parts = dict(re.findall(r'(\w+)="?([^",]*)"?', given.removeprefix("Digest ")))
        if parts.get("username") != self.PUBLIC:
            return False
        first = _md5(f"{self.PUBLIC}:{parts['realm']}:{self.PRIVATE}")
        second = _md5(f"{request.command}:{parts['uri']}")
        return parts["response"] == _md5(
            f"{first}:{parts['nonce']}:{parts['nc']}:{parts['cnonce']}:{parts['qop']}:{second}"
        )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class CloudflareServer(JsonServer):
    """The API of Cloudflare for one zone."""

    TOKEN = "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY"  # pragma: allowlist secret
    ZONE = "0123456789abcdef0123456789abcdef"

    def __init__(self) -> None:
        zone = f"/zones/{self.ZONE}"
        super().__init__(
            {
                r"/user/tokens/verify": lambda _: self._ok({"id": "token-id", "status": self.token_status}),
                r"/user/tokens/token-id": lambda _: self._token(),
                rf"{zone}": lambda _: self._ok(self.zone),
                rf"{zone}/rulesets": lambda _: self._ok(self.rulesets),
                rf"{zone}/dns_records\?name=([^&]+).*": lambda m: self._ok(
                    [each for each in self.records if each["name"] == m[1]]
                ),
                rf"{zone}/dns_records": lambda _: self._read("DNS", []),
                rf"{zone}/settings/ssl": lambda _: self._read("Zone Settings", {}),
                rf"{zone}/cloud_connector/rules": lambda _: self._read("Cloud Connector", self.connector_rules),
                rf"{zone}/ssl/certificate_packs\?status=all.*": lambda _: self._ok(self.packs),
                rf"{zone}/origin_tls_client_auth/settings": lambda _: self._read("SSL and Certificates", {}),
                rf"{zone}/rulesets/phases/(\w+)/entrypoint": self._entry_point,
            }
        )
        self.token_status = "active"
        self.zone: dict[str, Any] = {
            "id": self.ZONE,
            "name": "example.com",
            "status": "active",
            "paused": False,
            "name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
            "plan": {"legacy_id": "free"},
        }
        self.rulesets: list[Mapping[str, Any]] = []
        self.records: list[Mapping[str, Any]] = []
        self.connector_rules: list[Mapping[str, Any]] = []
        self.packs = [{"type": "universal", "status": "active", "hosts": ["example.com", "*.example.com"]}]
        self.unreadable: set[str] = set()
        self.groups: list[str] | None = None
        """The permission groups of the token, if it may read them."""

    def _token(self) -> Answer:
        if self.groups is None:
            return self._failure(403, 9109, "Unauthorized to access requested resource")
        groups = [{"id": name, "name": name} for name in self.groups]
        return self._ok({"id": "token-id", "policies": [{"effect": "allow", "permission_groups": groups}]})

    def _entry_point(self, match: re.Match[str]) -> Answer:
        if match[1] in self.unreadable:
            return self._failure(403, 10000, "Authentication error")
        return self._failure(404, 10003, "could not find entrypoint ruleset")

    def _read(self, area: str, result: Any) -> Answer:
        return self._failure(403, 10000, "Authentication error") if area in self.unreadable else self._ok(result)

    @staticmethod
    def _ok(result: Any) -> Answer:
        return 200, {"success": True, "errors": [], "result": result, "result_info": {"page": 1, "total_pages": 1}}

    @staticmethod
    def _failure(status: int, code: int, message: str) -> Answer:
        return status, {"success": False, "errors": [{"code": code, "message": message}], "result": None}

    def reject(self, request: BaseHTTPRequestHandler) -> tuple[int, Any, Mapping[str, str]] | None:
        """Reject a wrong token, as Cloudflare does."""
        if request.headers.get("Authorization") == f"Bearer {self.TOKEN}":
            return None
        return (*self._failure(401, 1000, "Invalid API Token"), {})

    def not_found(self) -> Any:
        """Return the document of an unknown path."""
        return self._failure(404, 7003, "Could not route")[1]


class DnsServer:
    """A DNS server over UDP with fixed records: `{("example.com.", "NS"): ["ns-1.awsdns.com."]}`."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """Stop the server."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                content, client = self._socket.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(content)
            answer = dns.message.make_response(query)
            (question,) = query.question
            kind = question.to_text().split()[-1]
            values = self.records.get((question.name.to_text().lower(), kind), [])
            if values:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
            self._socket.sendto(answer.to_wire(), client)
