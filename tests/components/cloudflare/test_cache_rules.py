"""What Cloudflare keeps: assets a year, pages as the plan allows, the API never."""

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


def rules(args: CloudflareCacheArgs) -> dict[str, dict[str, Any]]:
    ruleset = record(lambda: CloudflareCache("cache", args)).one(RULESET).inputs
    assert (ruleset["kind"], ruleset["phase"]) == ("zone", "http_request_cache_settings")
    assert all(rule["enabled"] and rule["description"] for rule in ruleset["rules"])
    return {rule["ref"]: rule for rule in ruleset["rules"]}


def test_the_last_rule_that_fits_wins() -> None:
    data = CacheRule(name="data", path="/assets/data/*", edge_seconds=30)

    assert list(rules(replace(ARGS, cache_rules=[data, ASSETS]))) == ["pages", "assets", "data", "api"]


def test_the_api_is_never_kept() -> None:
    api = rules(ARGS)["api"]

    assert api["actionParameters"] == {"cache": False}
    assert "api.example.com" in api["expression"]
    assert "api" not in rules(replace(ARGS, api_host=None))


def test_assets_stay_a_year_at_the_edge_and_in_browsers() -> None:
    assets = rules(ARGS)["assets"]

    assert assets["expression"].endswith('(http.request.uri.path strict wildcard r"/assets/*")')
    assert assets["actionParameters"]["edgeTtl"] == {"mode": "override_origin", "default": 31_536_000}
    assert assets["actionParameters"]["browserTtl"] == {"mode": "override_origin", "default": 31_536_000}


@pytest.mark.parametrize(
    ("args", "edge"),
    [
        (ARGS, {"mode": "override_origin", "default": 60}),
        # Free keeps nothing shorter than two hours on a rule's word: then the file's own word counts.
        (replace(ARGS, plan=CloudflarePlan.FREE), {"mode": "bypass_by_default"}),
        # "Serve the old one" stands in the file's Cache-Control alone.
        (replace(ARGS, pages=PAGES_SERVED_STALE), {"mode": "bypass_by_default"}),
    ],
)
def test_pages_are_kept_as_the_plan_allows(args: CloudflareCacheArgs, edge: dict[str, Any]) -> None:
    pages = rules(args)["pages"]["actionParameters"]

    assert pages["edgeTtl"] == edge
    assert pages["browserTtl"] == {"mode": "respect_origin"}


def test_tiered_cache_by_choice() -> None:
    tiered = record(lambda: CloudflareCache("cache", replace(ARGS, tiered=True)))

    assert tiered.tree() == dict.fromkeys(("cache-rules", "cache-tiers", "cache-tiered"), "cache") | {"cache": None}
    both = ("argoTieredCaching:ArgoTieredCaching", "tieredCache:TieredCache")
    assert [tiered.one(f"cloudflare:index/{each}").inputs["value"] for each in both] == ["on", "on"]
    assert record(lambda: CloudflareCache("cache", ARGS)).tree() == {"cache": None, "cache-rules": "cache"}


def test_two_rules_of_one_path_are_refused() -> None:
    with pytest.raises(ValueError, match="path"):
        replace(ARGS, cache_rules=[ASSETS, CacheRule(name="more", path=ASSETS.path, edge_seconds=1)])


def test_a_name_that_no_browser_asks_for_is_refused() -> None:
    with pytest.raises(ValueError, match="site_host: got 'App', allowed a full lower-case name"):
        CloudflareCacheArgs(zone_id="z", plan=CloudflarePlan.FREE, site_host="App")
