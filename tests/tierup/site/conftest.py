"""Fixtures: a bucket on moto's server, a distribution, and builds of a site."""

from __future__ import annotations

import io
import os
import re
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tierup.site import publication
from tierup.site.caching import CachingTable
from tierup.site.edge_cache import CloudFrontCache
from tierup.site.files import SiteFile, read_folder
from tierup.site.object_store import S3Bucket
from tierup.site.publication import PublicationResult
from tierup.site.releases import SiteState, read_state

BUCKET = "example-site"
PAGE = "public, max-age=0, s-maxage=60"
IMMUTABLE = "public, max-age=31536000, immutable"
TABLE = CachingTable(rows=(("/assets/*", IMMUTABLE), ("/*", PAGE)))


@dataclass
class Aws:
    """moto's server, which records S3's calls and injects errors."""

    url: str = ""
    calls: list[str] = field(default_factory=list[str])
    """Method and path of each call: "PUT /example-site/index.html"."""
    errors: list[tuple[str, int, str]] = field(default_factory=list[tuple[str, int, str]])
    """Pattern of a call, status and error code; a negative status applies once."""

    def answer(self, request: Request) -> Response | None:
        """Record a call, and return the injected error for it."""
        call = f"{request.method} {request.path}"
        self.calls.append(call)
        for number, (pattern, status, code) in enumerate(self.errors):
            if re.fullmatch(pattern, call):
                if status < 0:
                    del self.errors[number]
                body = f"<Error><Code>{code}</Code><Message>injected</Message></Error>"
                return Response(body, abs(status), content_type="application/xml")
        return None

    def writes(self) -> list[str]:
        """Return the keys of the written objects, in order, without the lock."""
        prefix = f"PUT /{BUCKET}/"
        return [each.removeprefix(prefix) for each in self.calls if each.startswith(prefix) and "lock" not in each]


@pytest.fixture(scope="session")
def server() -> Generator[Aws]:
    aws = Aws()
    moto: Any = DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data(cache=True)
        if not request.path.startswith("/moto-api"):
            answer = aws.answer(request)
            if answer is not None:
                return answer(environ, start_response)
        environ["wsgi.input"] = io.BytesIO(body)  # which has been read
        # AWS answers "Completed", for which botocore's waiter waits, and moto "COMPLETED".
        return [part.replace(b">COMPLETED<", b">Completed<") for part in moto(environ, start_response)]

    serving = make_server("127.0.0.1", 0, application, threaded=True)
    aws.url = f"http://127.0.0.1:{serving.port}"
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield aws
    serving.shutdown()


@pytest.fixture
def aws(server: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Aws:
    """Return an account with an empty bucket that has versioning on, and set credentials for it."""
    for name in os.environ:
        if name.startswith(("AWS_", "CLOUDFLARE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    requests.post(f"{server.url}/moto-api/reset", timeout=120).raise_for_status()
    server.errors.clear()
    client = _client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    server.calls.clear()
    return server


def _client(service: str) -> Any:
    # One retry, so that the tests of errors are quick.
    config = Config(retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client(service, region_name="eu-west-1", config=config)  # pyright: ignore[reportArgumentType, reportCallIssue]


def ignore(step: str, done: int, total: int) -> None:
    """Ignore the progress."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A site's bucket and distribution, and what a deployment needs."""

    s3: Any
    store: S3Bucket
    cache: CloudFrontCache
    folder: Path

    def build(self, files: Mapping[str, str]) -> Sequence[SiteFile]:
        """Return the files of a build that consists of `files`."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for key, content in files.items():
            (self.folder / key).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / key).write_text(content)
        return read_folder(self.folder, TABLE, compress_large=True)

    def deploy(self, files: Mapping[str, str], *, keep: int = 10) -> PublicationResult:
        """Deploy a build."""
        return publication.deploy(self.store, self.cache, self.build(files), keep=keep, on_progress=ignore)

    def roll_back(self, to: int | None = None) -> PublicationResult:
        """Publish an earlier release."""
        return publication.roll_back(self.store, self.cache, to, on_progress=ignore)

    def state(self) -> SiteState:
        """Return what the bucket contains."""
        return read_state(self.store)

    def page(self, key: str = "index.html") -> str:
        """Return the content of an object."""
        content = self.store.read(key)
        assert content is not None
        return content.decode()

    def invalidated(self) -> list[list[str]]:
        """Return the paths of each invalidation, the oldest first."""
        client = self.cache.client()
        answer = client.list_invalidations(DistributionId=self.cache.distribution_id)["InvalidationList"]
        ids = [each["Id"] for each in answer.get("Items", ())]
        made = [client.get_invalidation(DistributionId=self.cache.distribution_id, Id=each) for each in ids]
        made.sort(key=lambda each: each["Invalidation"]["InvalidationBatch"]["CallerReference"].rpartition("-")[2])
        return [each["Invalidation"]["InvalidationBatch"]["Paths"]["Items"] for each in made]


@pytest.fixture
def site(aws: Aws, tmp_path: Path) -> Site:
    client, s3 = _client("cloudfront"), _client("s3")
    origin = {"Id": "site", "DomainName": f"{BUCKET}.s3.eu-west-1.amazonaws.com"}
    made = client.create_distribution(
        DistributionConfig={
            "CallerReference": "1",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{**origin, "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
            "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only", "MinTTL": 0},
        }
    )
    folder = tmp_path / "dist"
    folder.mkdir()
    aws.calls.clear()
    return Site(
        s3=s3,
        store=S3Bucket(lambda: s3, BUCKET),
        cache=CloudFrontCache(client=lambda: client, distribution_id=made["Distribution"]["Id"]),
        folder=folder,
    )
