"""What Cloudflare keeps of the site, and for how long; nothing of the API.

Makes: the zone's cache rules and tiered cache. Not here: emptying the cache, the upload's Cache-Control
(site_cache.CacheRule.cache_control).
Checklist: CDN for static assets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn.cache_rules import ASSETS, PAGES, CacheRule, check_rules
from components.cloudflare.plan import LIMITS, CloudflarePlan
from components.cloudflare.rulesets import Rule, for_host
from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareCacheArgs:
    """What the cache of one zone needs."""

    zone_id: Input[str]
    """The zone that the names are in, for this stack alone."""
    plan: CloudflarePlan
    """What was bought for the zone; it bounds the times."""
    site_host: str
    """Host name of the site, lower case."""
    api_host: str | None = None
    """Never kept. None where the API is not behind Cloudflare."""
    pages: CacheRule = PAGES
    """Of every path of the site that no other rule names."""
    cache_rules: Sequence[CacheRule] = (ASSETS,)
    """Of further paths of the site; where two fit, the first holds."""
    tiered: bool = False
    """Few of Cloudflare's data centres ask the origin for all others: what an origin shield is at CloudFront."""

    def __post_init__(self) -> None:
        check_host_name("site_host", self.site_host, "rules compare it with what browsers ask for")
        check_rules([self.pages, *self.cache_rules])


class CloudflareCache(ComponentResource):
    """The one ruleset of the phase http_request_cache_settings, and tiered cache."""

    def __init__(self, name: str, args: CloudflareCacheArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:Cache", name, None, opts)
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
        if args.tiered:
            # Two switches: the tiers themselves, and that Cloudflare chooses the upper one, the closest to the origin.
            # https://developers.cloudflare.com/cache/how-to/tiered-cache/#enable-tiered-cache-via-api (read 2026-11-24)
            tiers = cloudflare.ArgoTieredCaching(f"{name}-tiers", zone_id=args.zone_id, value="on", opts=child)
            cloudflare.TieredCache(
                f"{name}-tiered",
                zone_id=args.zone_id,
                value="on",
                opts=ResourceOptions(parent=self, depends_on=[tiers]),
            )
        self.register_outputs({})


def _rules(args: CloudflareCacheArgs) -> list[Rule]:
    # Every rule that fits is applied, and the last one wins: pages first, the API last.
    shortest = LIMITS[args.plan].shortest_edge_seconds
    rules = [_kept(args.pages, for_host(args.site_host), shortest)]
    rules += [
        _kept(rule, for_host(args.site_host, f'http.request.uri.path strict wildcard r"{rule.path}"'), shortest)
        for rule in reversed(args.cache_rules)
    ]
    if args.api_host is not None:
        rules.append(
            {
                "ref": "api",
                "description": "The API's answers belong to one user and one moment",
                "expression": for_host(args.api_host),
                "action": "set_cache_settings",
                "action_parameters": {"cache": False},
                "enabled": True,
            }
        )
    return rules


def _kept(rule: CacheRule, expression: str, shortest_edge_seconds: int) -> Rule:
    # What files ask for themselves is followed where it says more than a period: serving stale, or a period that the
    # plan does not let a rule set. Then a file that asks for nothing is not kept.
    followed = rule.serves_stale or rule.edge_seconds < shortest_edge_seconds
    return {
        "ref": rule.name,
        "description": f"{rule.name} of the site: {rule.edge_seconds} s",
        "expression": expression,
        "action": "set_cache_settings",
        "action_parameters": {
            "cache": True,
            "edge_ttl": (
                {"mode": "bypass_by_default"} if followed else {"mode": "override_origin", "default": rule.edge_seconds}
            ),
            "browser_ttl": (
                {"mode": "respect_origin"}
                if followed or not rule.browser_seconds
                else {"mode": "override_origin", "default": rule.browser_seconds}
            ),
            "serve_stale": {"disable_stale_while_updating": False},
        },
        "enabled": True,
    }
