"""tierup:siteCacheTags: both CDNs know the tags of the site's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.config.reading import parse
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CLOUDFLARE_ZONE
from tests.stacks.test_options import built_with_secrets, errors
from tierup.site.caching import caching_table
from tierup.site.files import read_folder

CLOUDFLARE: Any = {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE}
TAGS = json.dumps({"/images/*": ["images", "media"], "/images/logo.svg": ["brand", "media"]})


def test_cloudfront_reads_the_tags_from_the_metadata_of_objects(tmp_path: Path) -> None:
    recording = built_with_secrets(siteCacheTags=TAGS)
    assert recording.named("cdn-distribution").inputs["cacheTagConfig"] == {"headerName": "x-amz-meta-cache-tag"}
    removed = recording.named("cdn-headers").inputs["removeHeadersConfig"]["items"]
    assert removed == [{"header": "x-amz-meta-cache-tag"}], "viewers do not get the tags"
    assert "cacheTagConfig" not in built_with_secrets().named("cdn-distribution").inputs
    (tmp_path / "images").mkdir()
    for name in ("index.html", "images/logo.svg", "images/a.png"):
        (tmp_path / name).write_text(name)
    settings = parse({**MINIMAL_CONFIG, "tierup:siteCacheTags": TAGS}, secret_keys=(), stack="dev")
    files = read_folder(tmp_path, caching_table(settings), compress_large=True)
    assert {file.key: file.entry.cache_tags for file in files} == {
        "images/a.png": "images,media",
        "images/logo.svg": "images,media,brand",
        "index.html": "",
    }


def test_cloudflare_adds_the_tags_by_rules() -> None:
    recording = built_with_secrets(siteCacheTags=TAGS, **CLOUDFLARE)
    ruleset = recording.named("site-cache-tags-rules").inputs
    assert ruleset["phase"] == "http_response_cache_settings"
    assert [(each["action"], each["actionParameters"]) for each in ruleset["rules"]] == [
        ("set_cache_tags", {"operation": "add", "values": ["images", "media"]}),
        ("set_cache_tags", {"operation": "add", "values": ["brand", "media"]}),
    ]
    assert 'wildcard r"/images/*"' in ruleset["rules"][0]["expression"]
    given = {**MINIMAL_CONFIG, **{f"tierup:{key}": value for key, value in CLOUDFLARE.items()}}
    settings = parse({**given, "tierup:siteCacheTags": TAGS}, secret_keys=(), stack="dev")
    assert caching_table(settings).cache_tags("images/a.png") == ""


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"images": ["a"]}, "not a path pattern"),
        ({"/images/*": []}, "no tags"),
        ({"/images/*": ["two words"]}, "not a cache tag"),
        ({f"/{number}/*": ["a"] for number in range(11)}, "too many (got 11 patterns"),
        ({"/*": [f"t{number}" for number in range(21)]}, "with 21 tags"),
    ],
)
def test_tags_that_a_cdn_refuses_are_rejected(tags: dict[str, list[str]], message: str) -> None:
    assert message in errors(siteCacheTags=json.dumps(tags))["tierup:siteCacheTags"]


@pytest.mark.parametrize(
    "cdn", [pytest.param({}, id="cloudfront", marks=pytest.mark.exhaustive), pytest.param(CLOUDFLARE, id="cloudflare")]
)
def test_tags_deploy_and_are_destroyed(cdn: dict[str, str]) -> None:
    settings = {"phase": Phase.MVP.value, "tier": "small", "siteCacheTags": TAGS, **cdn}
    assert deploy(settings, destroy=True) == ([], [])
