"""A tag is resolved to its digest: in ECR (moto's server), and by the distribution API (a local server)."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from tests.tierup.preflight.cloud_servers import AwsServer
from tierup.deployment.errors import CommandError, ExitCode
from tierup.release.image_reference import parse
from tierup.release.registries import digest_of

DIGEST = f"sha256:{'b' * 64}"


# --- references ---


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("node:22", "docker.io", "library/node", "22", ""),
        ("team/app:v1", "docker.io", "team/app", "v1", ""),
        ("ghcr.io/team/app:v1", "ghcr.io", "team/app", "v1", ""),
        ("localhost:5000/app:v1", "localhost:5000", "app", "v1", ""),
        (f"ghcr.io/team/app@{DIGEST}", "ghcr.io", "team/app", "", DIGEST),
        (f"ghcr.io/team/app:v1@{DIGEST}", "ghcr.io", "team/app", "v1", DIGEST),
    ],
)
def test_a_reference_has_its_parts(text: str, registry: str, repository: str, tag: str, digest: str) -> None:
    found = parse(text)
    assert (found.registry, found.repository, found.tag, found.digest) == (registry, repository, tag, digest)
    assert parse(found.pinned(DIGEST)).digest == DIGEST


@pytest.mark.parametrize("text", ["app", "app:", "App:v1", "app@sha256:abc", "app:v 1", ":v1", "", "app:latest"])
def test_an_image_that_is_not_pinned_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match=r"^--image: ") as raised:
        parse(text)
    assert raised.value.code is ExitCode.SETTINGS


# --- ECR ---

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []})


@pytest.fixture
def ecr(aws: AwsServer) -> Any:
    client = boto3.client("ecr", region_name="eu-west-1")
    client.create_repository(repositoryName="app")
    client.put_image(repositoryName="app", imageManifest=MANIFEST, imageTag="v1")
    return client


def test_a_tag_in_ecr_is_resolved(ecr: Any) -> None:
    (image,) = ecr.describe_images(repositoryName="app")["imageDetails"]
    reference = parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:v1")
    assert digest_of(reference, lambda _: ecr) == image["imageDigest"]


@pytest.mark.parametrize(
    ("name", "reason"), [("app:v2", "no such image in its registry"), ("other:v1", "no such ECR repository")]
)
def test_a_missing_image_in_ecr_is_reported(ecr: Any, name: str, reason: str) -> None:
    with pytest.raises(CommandError, match=rf"--image: {reason}"):
        digest_of(parse(f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{name}"), lambda _: ecr)


@pytest.mark.parametrize(
    ("code", "reason", "exit_code"),
    [
        ("AccessDeniedException", "may not call DescribeImages", ExitCode.FAILED),
        ("ExpiredTokenException", "ExpiredTokenException", ExitCode.CREDENTIALS),
    ],
)
def test_an_error_of_ecr_is_one_sentence(aws: AwsServer, ecr: Any, code: str, reason: str, exit_code: ExitCode) -> None:
    aws.errors["DescribeImages"] = [code]
    with pytest.raises(CommandError, match=reason) as raised:
        digest_of(parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:v1"), lambda _: ecr)
    assert raised.value.code is exit_code


# --- other registries ---


@dataclass
class Registry:
    """A registry that answers as the distribution API documents."""

    port: int = 0
    manifests: dict[str, bytes] = field(default_factory=dict[str, bytes])
    token: str = ""
    """The token that a client needs; "" for none."""
    names_digest: bool = True
    status: int = 200


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Generator[Registry]:
    monkeypatch.setattr("tierup.http_session.backoff_seconds", 0)
    state = Registry()

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"  # pyright: ignore[reportIncompatibleVariableOverride]

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/token":
                assert parse_qs(parts.query) == {"service": ["registry"], "scope": ["repository:team/app:pull"]}
                self._send(200, json.dumps({"token": state.token}).encode())
            elif state.token and self.headers.get("Authorization") != f"Bearer {state.token}":
                realm = f"http://127.0.0.1:{state.port}/token"
                scope = 'service="registry",scope="repository:team/app:pull"'
                self._send(401, b"{}", {"WWW-Authenticate": f'Bearer realm="{realm}",{scope}'})
            elif parts.path in state.manifests:
                content = state.manifests[parts.path]
                digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
                self._send(state.status, content, {"Docker-Content-Digest": digest} if state.names_digest else {})
            else:
                self._send(404, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')

        def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_port
    state.manifests["/v2/team/app/manifests/v1"] = MANIFEST.encode()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()


def resolved(registry: Registry, tag: str = "v1") -> str:
    def no_ecr(region: str) -> Any:
        raise AssertionError(region)

    return digest_of(parse(f"127.0.0.1:{registry.port}/team/app:{tag}"), no_ecr)


@pytest.mark.parametrize("token", ["", "anonymous-token"])
@pytest.mark.parametrize("names_digest", [True, False])
def test_a_tag_in_another_registry_is_resolved(registry: Registry, token: str, names_digest: bool) -> None:
    registry.token, registry.names_digest = token, names_digest
    assert resolved(registry) == f"sha256:{hashlib.sha256(MANIFEST.encode()).hexdigest()}"


def test_a_missing_tag_is_reported(registry: Registry) -> None:
    with pytest.raises(CommandError, match="no such image in its registry"):
        resolved(registry, "v2")


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "denies anonymous access"), (500, "did not answer"), (429, "did not answer")]
)
def test_a_registry_that_does_not_answer_is_reported(registry: Registry, status: int, reason: str) -> None:
    registry.status = status
    with pytest.raises(CommandError, match=reason):
        resolved(registry)


def test_a_registry_that_cannot_be_reached_is_reported() -> None:
    with pytest.raises(CommandError, match="could not be reached"):
        resolved(Registry(port=1))
