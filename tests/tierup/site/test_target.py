"""The cache of a stack's site: that of its CDN, and those of both CDNs while `tierup:cdn` changes."""

from __future__ import annotations

import pytest

from stacks.config.reading import parse
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.tierup.site.conftest import Site
from tests.tierup.site.test_edge_cache import ZONE, Cloudflare
from tests.tierup.site.test_edge_cache import cloudflare as cloudflare
from tierup.program_settings import Settings
from tierup.site.caching import caching_table
from tierup.site.edge_cache import CloudflareCache, CloudFrontCache
from tierup.site.target import edge_cache

CLOUDFRONT_SERVES = {"cdn": "cloudfront", "cdnStandby": "cloudflare", "cloudflareZoneId": ZONE}
CLOUDFLARE_SERVES = {"cdn": "cloudflare", "cdnStandby": "cloudfront", "cloudflareZoneId": ZONE}
PAGES = ["a.html"]


def settings_with(changed: dict[str, str]) -> Settings:
    config = {**MINIMAL_CONFIG, "tierup:apiDomain": "api.example.com"}
    return parse({**config, **{f"tierup:{key}": value for key, value in changed.items()}}, secret_keys=(), stack="dev")


def purge_of(server: Cloudflare) -> CloudflareCache:
    credentials = {"Authorization": "Bearer token"}
    return CloudflareCache(zone_id=ZONE, hosts=("app.example.com",), credentials=credentials, base_url=server.url)


@pytest.mark.parametrize("changed", [CLOUDFRONT_SERVES, CLOUDFLARE_SERVES], ids=["cloudfront", "cloudflare"])
def test_both_caches_drop_a_page_while_the_cdn_changes(
    changed: dict[str, str], site: Site, cloudflare: Cloudflare
) -> None:
    cache = edge_cache(settings_with(changed), site.cache, purge_of(cloudflare))
    assert cache.paths(PAGES) == ["/a.html", "https://app.example.com/a.html"]
    sentence = cache.drop(PAGES, reference=str(changed), wait=False)
    assert "of 1 path is in progress. Cloudflare dropped 1 URL." in sentence
    assert cloudflare.requests == [["https://app.example.com/a.html"]]
    assert "of 1 tag is in progress. Cloudflare dropped 1 tag." in cache.drop_tags(
        ["docs"], reference=f"tags of {changed}", wait=False
    )


def test_one_cdn_has_one_cache(site: Site, cloudflare: Cloudflare) -> None:
    purge = purge_of(cloudflare)
    assert isinstance(edge_cache(settings_with({}), site.cache, purge), CloudFrontCache)
    alone = settings_with({"cdn": "cloudflare", "cloudflareZoneId": ZONE})
    assert edge_cache(alone, None, purge) is purge


@pytest.mark.parametrize("changed", [CLOUDFRONT_SERVES, CLOUDFLARE_SERVES], ids=["cloudfront", "cloudflare"])
def test_objects_have_the_tags_that_cloudfront_reads_while_the_cdn_changes(changed: dict[str, str]) -> None:
    table = caching_table(settings_with({**changed, "siteCacheTags": '{"/images/*": ["images"]}'}))
    assert table.cache_tags("images/a.png") == "images"
