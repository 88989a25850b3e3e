"""Cloudflare's cache rules for assets, pages and the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.cdn.cache_rules import ASSETS, PAGES_SERVED_STALE, CacheRule
from components.cloudflare.cache_rules import CloudflareCache, CloudflareCacheArgs
from components.cloudflare.plan import CloudflarePlan
from tests.engine_recorder import record

RULESET = "cloudflare:index/ruleset:Ruleset"
ARGS = CloudflareCacheArgs(
    zone_id="z", plan=CloudflarePlan.BUSINESS, site_host="app.example.com", api_host="api.example.com"
)

NOT_STORED = {"statusCodeRange": {"from": 400}, "value": -1}


def rules(args: CloudflareCacheArgs) -> dict[str, dict[str, Any]]:
    ruleset = record(lambda: CloudflareCache("cache", args)).one(RULESET).inputs
    assert (ruleset["kind"], ruleset["phase"]) == ("zone", "http_request_cache_settings")
    assert all(rule["enabled"] and rule["description"] for rule in ruleset["rules"])
    return {rule["ref"]: rule for rule in ruleset["rules"]}


def test_more_specific_rules_come_last() -> None:
    data = CacheRule(name="data", path="/assets/data/*", edge_seconds=30)

    assert list(rules(replace(ARGS, cache_rules=[data, ASSETS]))) == ["pages", "assets", "data", "api"]


def test_api_is_not_cached() -> None:
    api = rules(ARGS)["api"]

    assert api["actionParameters"] == {"cache": False}
    assert "api.example.com" in api["expression"]
    assert "api" not in rules(replace(ARGS, api_host=None))


def test_errors_are_not_cached_with_the_assets() -> None:
    """A missing file would otherwise be cached for a year."""
    assets = rules(ARGS)["assets"]

    assert assets["actionParameters"]["edgeTtl"]["statusCodeTtls"] == [NOT_STORED]


def test_assets_are_cached_for_a_year_at_the_edge_and_in_browsers() -> None:
    assets = rules(ARGS)["assets"]

    assert assets["expression"].endswith('(http.request.uri.path strict wildcard r"/assets/*")')
    assert assets["actionParameters"]["edgeTtl"] == {
        "mode": "override_origin",
        "default": 31_536_000,
        "statusCodeTtls": [NOT_STORED],
    }
    assert assets["actionParameters"]["browserTtl"] == {"mode": "override_origin", "default": 31_536_000}


@pytest.mark.parametrize(
    ("args", "edge"),
    [
        (ARGS, {"mode": "override_origin", "default": 60, "statusCodeTtls": [NOT_STORED]}),
        # Free has a minimum edge TTL of two hours, so the file's Cache-Control applies.
        (replace(ARGS, plan=CloudflarePlan.FREE), {"mode": "bypass_by_default"}),
        # Serving stale is only possible by the file's Cache-Control.
        (replace(ARGS, pages=PAGES_SERVED_STALE), {"mode": "bypass_by_default"}),
    ],
)
def test_edge_ttl_of_pages_depends_on_plan_and_rule(args: CloudflareCacheArgs, edge: dict[str, Any]) -> None:
    pages = rules(args)["pages"]["actionParameters"]

    assert pages["edgeTtl"] == edge
    assert pages["browserTtl"] == {"mode": "respect_origin"}


@pytest.mark.parametrize(("tiered", "value"), [(True, "on"), (False, "off")])
def test_tiered_cache_is_switched_off_and_not_removed(tiered: bool, value: str) -> None:
    """Deleting the resources changes nothing at Cloudflare."""
    recording = record(lambda: CloudflareCache("cache", replace(ARGS, tiered=tiered)))
    both = ("argoTieredCaching:ArgoTieredCaching", "tieredCache:TieredCache")

    assert recording.tree() == {
        "cache": None,
        **dict.fromkeys(("cache-rules", "cache-tiered-caching", "cache-smart-tiered-cache"), "cache"),
    }
    assert [recording.one(f"cloudflare:index/{each}").inputs["value"] for each in both] == [value, value]


def test_duplicate_path_is_rejected() -> None:
    with pytest.raises(ValueError, match="the same path"):
        replace(ARGS, cache_rules=[ASSETS, CacheRule(name="more", path=ASSETS.path, edge_seconds=1)])


def test_invalid_host_name_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"site_host: .*\(got 'App'\)\. Give a full lower-case name"):
        CloudflareCacheArgs(zone_id="z", plan=CloudflarePlan.FREE, site_host="App")
