"""The cache of the CDN: paths of CloudFront, and Cloudflare's API on a local server."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.tierup.site.conftest import Aws, Site
from tierup.deployment.errors import CommandError, ExitCode
from tierup.site.edge_cache import CloudflareCache, cloudflare_credentials, page_paths

ZONE = "0123456789abcdef0123456789abcdef"


class Cloudflare:
    """The purge of Cloudflare's API: https://developers.cloudflare.com/api/resources/cache/methods/purge/ (from
    memory)."""

    def __init__(self) -> None:
        self.requests: list[list[str]] = []
        self.kinds: set[str] = set()
        self.statuses: list[int] = []
        """The statuses of the next answers; 200 afterwards."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body: Any = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.path == f"/zones/{ZONE}/purge_cache"
                assert self.headers["Authorization"] == "Bearer token"
                status = outer.statuses.pop(0) if outer.statuses else 200
                if status == 200:
                    ((kind, items),) = body.items()
                    outer.kinds.add(kind)
                    outer.requests.append(items)
                answer = json.dumps({"success": status == 200, "errors": [], "result": {"id": ZONE}}).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                if status == 429:
                    self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()


@pytest.fixture
def cloudflare() -> Generator[Cloudflare]:
    server = Cloudflare()
    yield server
    server.stop()


def _cache(
    server: Cloudflare, *, token: str | None = None, hosts: tuple[str, ...] = ("app.example.com",)
) -> CloudflareCache:
    credentials = {"Authorization": "Bearer token"} if token is None else {}
    return CloudflareCache(zone_id=ZONE, hosts=hosts, credentials=credentials, base_url=server.url)


def test_a_folders_page_has_two_paths_and_names_are_escaped() -> None:
    assert page_paths(["docs/index.html", "über uns.html"]) == ["/docs/index.html", "/docs/", "/%C3%BCber%20uns.html"]


def test_too_many_paths_become_one_wildcard(site: Site) -> None:
    assert len(site.cache.paths([f"page{number}.html" for number in range(1_000)])) == 1_000
    assert site.cache.paths([f"page{number}.html" for number in range(1_001)]) == ["/*"]


def test_an_invalidation_can_be_waited_for(site: Site, aws: Aws) -> None:
    sentence = site.cache.drop(["index.html"], reference="1", wait=True)
    assert sentence.endswith("of 2 paths is complete.")
    assert any(call.startswith("GET /2020-05-31/distribution") for call in aws.calls)


def test_cloudflare_purges_thirty_urls_a_request(cloudflare: Cloudflare) -> None:
    keys = [f"page{number}.html" for number in range(40)]
    assert _cache(cloudflare).drop(keys, reference="1", wait=False) == "Cloudflare dropped 40 URLs."
    assert [len(urls) for urls in cloudflare.requests] == [30, 10]
    assert cloudflare.requests[0][0] == "https://app.example.com/page0.html"


def test_cloudflare_purges_every_host_of_the_site(cloudflare: Cloudflare) -> None:
    _cache(cloudflare, hosts=("example.com", "www.example.com")).drop(["a.html"], reference="1", wait=False)
    assert cloudflare.requests == [["https://example.com/a.html", "https://www.example.com/a.html"]]


def test_cloudflare_purges_tags(cloudflare: Cloudflare) -> None:
    assert _cache(cloudflare).drop_tags(["images", "docs"], reference="1", wait=False) == "Cloudflare dropped 2 tags."
    assert (cloudflare.kinds, cloudflare.requests) == ({"tags"}, [["images", "docs"]])


def test_cloudfront_invalidates_tags_with_a_number_sign(site: Site, aws: Aws) -> None:
    assert "of 1 tag is in progress" in site.cache.drop_tags(["images"], reference="tags", wait=False)
    client = site.cache.client()
    newest = client.list_invalidations(DistributionId=site.cache.distribution_id)["InvalidationList"]["Items"]
    batches = [
        client.get_invalidation(DistributionId=site.cache.distribution_id, Id=each["Id"])["Invalidation"]
        for each in newest
    ]
    assert ["#images"] in [each["InvalidationBatch"]["Paths"]["Items"] for each in batches]


def test_a_throttled_purge_is_sent_again(cloudflare: Cloudflare) -> None:
    cloudflare.statuses = [429]
    _cache(cloudflare).drop(["a.html"], reference="1", wait=False)
    assert len(cloudflare.requests) == 1


def test_a_denied_purge_names_the_permission_but_not_the_token(cloudflare: Cloudflare) -> None:
    cloudflare.statuses = [403]
    with pytest.raises(CommandError, match="Give the token the permission Cache Purge") as denied:
        _cache(cloudflare).drop(["a.html"], reference="1", wait=False)
    assert denied.value.code is ExitCode.CREDENTIALS
    assert "Bearer" not in denied.value.message


def test_a_purge_without_a_token_is_rejected(cloudflare: Cloudflare) -> None:
    with pytest.raises(CommandError, match="CLOUDFLARE_API_TOKEN: must be set") as denied:
        _cache(cloudflare, token="").drop(["a.html"], reference="1", wait=False)
    assert denied.value.code is ExitCode.CREDENTIALS


def test_encrypted_credentials_of_the_provider_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN", raising=False)
    config = {"cloudflare:apiToken": "sandbox"}
    assert cloudflare_credentials(config, frozenset({"cloudflare:apiToken"})) == {}
    assert cloudflare_credentials(config, frozenset()) == {"Authorization": "Bearer sandbox"}
