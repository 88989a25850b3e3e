"""Cloudflare's cache rules for the site. Responses of the API are never cached.

Creates the zone's cache rules and Tiered Cache. Purging the cache, and the Cache-Control of uploaded files
(CacheRule.cache_control), belong to the deployment of a build.
Checklist: CDN for static assets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn.cache_rules import ASSETS, PAGES, CacheRule, check_rules
from components.cloudflare.plan import LIMITS, CloudflarePlan
from components.cloudflare.rulesets import Rule, below, for_host
from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareCacheArgs:
    """Arguments of CloudflareCache."""

    zone_id: Input[str]
    """Id of the zone, which this stack uses alone."""
    plan: CloudflarePlan
    """Plan of the zone, which limits the TTLs."""
    site_host: str
    """Host name of the site in lower case."""
    site_aliases: Sequence[str] = ()
    """Further host names of the site, in lower case."""
    api_host: str | None = None
    """Host name of the API, whose responses are not cached; None if the API is not proxied."""
    api_path: str | None = None
    """Path pattern of the site's host whose responses come from the API and are not cached: /api/*."""
    pages: CacheRule = PAGES
    """Rule for every path of the site without another rule."""
    cache_rules: Sequence[CacheRule] = (ASSETS,)
    """Rules for further paths of the site. The first rule that matches applies."""
    tiered: bool = False
    """Whether Tiered Cache is on: few upper-tier data centers request files from the origin, like CloudFront's Origin
    Shield."""

    def __post_init__(self) -> None:
        check_host_name("site_host", self.site_host)
        for host in self.site_aliases:
            check_host_name("site_aliases", host)
        check_rules([self.pages, *self.cache_rules])
        if self.api_path is not None and self.api_host is None:
            raise ValueError(f"api_path: the API is not proxied (got {self.api_path!r}). Give api_host, too.")

    @property
    def site_hosts(self) -> Sequence[str]:
        """All host names of the site."""
        return (self.site_host, *self.site_aliases)


class CloudflareCache(ComponentResource):
    """The zone's ruleset of the phase http_request_cache_settings, and Tiered Cache."""

    def __init__(self, name: str, args: CloudflareCacheArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareCache", name, None, opts)
        child = ResourceOptions(parent=self)
        cloudflare.Ruleset(
            f"{name}-rules",
            zone_id=args.zone_id,
            kind="zone",
            phase="http_request_cache_settings",
            name="Cache rules of tierup",
            rules=_rules(args),
            opts=child,
        )
        # Two settings: the tiers, and Smart Tiered Cache, which selects the upper tier closest to the origin.
        # https://developers.cloudflare.com/cache/how-to/tiered-cache/#enable-tiered-cache-via-api (read 2026-11-24)
        # Deleting them changes nothing at Cloudflare, so the value "off" disables them.
        value = "on" if args.tiered else "off"
        tiers = cloudflare.ArgoTieredCaching(f"{name}-tiered-caching", zone_id=args.zone_id, value=value, opts=child)
        cloudflare.TieredCache(
            f"{name}-smart-tiered-cache",
            zone_id=args.zone_id,
            value=value,
            opts=ResourceOptions(parent=self, depends_on=[tiers]),
        )
        self.register_outputs({})


def _rules(args: CloudflareCacheArgs) -> list[Rule]:
    # Cloudflare applies every rule that matches, and the last one wins: pages first, the API last.
    shortest = LIMITS[args.plan].min_edge_seconds
    rules = [_cached(args.pages, for_host(args.site_hosts), shortest)]
    rules += [
        _cached(rule, for_host(args.site_hosts, f'http.request.uri.path strict wildcard r"{rule.path}"'), shortest)
        for rule in reversed(args.cache_rules)
    ]
    if args.api_host is not None:
        rules.append(
            {
                "ref": "api",
                "description": "Responses of the API are not cached",
                "expression": _api(args.api_host, args),
                "action": "set_cache_settings",
                "action_parameters": {"cache": False},
                "enabled": True,
            }
        )
    return rules


def _api(api_host: str, args: CloudflareCacheArgs) -> str:
    if args.api_path is None:
        return for_host(api_host)
    return f"({for_host(api_host)}) or ({for_host(args.site_hosts, below(args.api_path))})"


def _cached(rule: CacheRule, expression: str, min_edge_seconds: int) -> Rule:
    # The files' Cache-Control applies where a rule cannot express the caching: serving stale, or a TTL below the plan's
    # minimum. Files without Cache-Control are then not cached.
    from_origin = rule.serves_stale or rule.edge_seconds < min_edge_seconds
    return {
        "ref": rule.name,
        "description": f"{rule.name} of the site: {rule.edge_seconds} s",
        "expression": expression,
        "action": "set_cache_settings",
        "action_parameters": {
            "cache": True,
            "edge_ttl": (
                {"mode": "bypass_by_default"}
                if from_origin
                else {
                    "mode": "override_origin",
                    "default": rule.edge_seconds,
                    # -1 is no-store: without it a missing file would be cached as long as an existing one.
                    "status_code_ttls": [{"status_code_range": {"from_": 400}, "value": -1}],
                }
            ),
            "browser_ttl": (
                {"mode": "respect_origin"}
                if from_origin or not rule.browser_seconds
                else {"mode": "override_origin", "default": rule.browser_seconds}
            ),
            "serve_stale": {"disable_stale_while_updating": False},
        },
        "enabled": True,
    }
