"""Cloudflare's WAF for site and API: custom rules, a rate limit and managed rulesets.

Creates the zone's custom rules, its rate limit and, on a paid plan, its managed rulesets. Inspecting request bodies
requires Enterprise, so the load balancer's AWS WAF inspects their size, and MongoDB operators in them.
Checklist: rate limiting, input validation on all endpoints.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cloudflare.plan import LIMITS, CloudflarePlan, CloudflareRateLimit
from components.cloudflare.rulesets import Rule, for_host, not_below
from components.waf.client_rules import ClientRestrictions
from components.waf.rules import Mode

MANAGED_RULESETS = {
    "cloudflare-managed": "efb7b8c949ac4650a09736fc376e9aee",
    "owasp-core": "4814384a9e5d4991b9815dcfc25d2f1f",
}
"""Ids of Cloudflare's managed rulesets, which are the same in every account.
Source: cloudflare/terraform-provider-cloudflare's acceptance tests and others (read 2026-11-24); page to check:
https://developers.cloudflare.com/waf/managed-rules/"""

_MAX_RESPONSE = 2_000
_OPERATOR_STARTS = ("[$", "{$", '"$', "'$")
"""Prefixes of MongoDB operators in a query: user[$ne]=, filter={"$where": ...}. Plain text, because regular expressions
require Business."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MaintenancePage:
    """The page of a site that is down for maintenance.

    A custom rule blocks the site's requests, and a custom error rule (error_pages.py) answers them: a response of the
    custom rule itself can have a status of 400 to 499 only.
    https://github.com/cloudflare/cloudflare-docs, src/content/partials/waf/custom-response-blocked-requests.mdx (read
    2026-11-28)
    """

    hosts: Sequence[str]
    """Host names of the site in lower case."""
    html: str
    """HTML document, at most 2,000 bytes, as for CloudFront's function."""
    api_path: str | None = None
    """Path pattern whose requests go to the API: /api/*."""

    def __post_init__(self) -> None:
        size = len(self.html.encode())
        if size > _MAX_RESPONSE:
            raise ValueError(f"html: too long (got {size} bytes). Give at most {_MAX_RESPONSE}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareWafArgs:
    """Arguments of CloudflareWaf."""

    zone_id: Input[str]
    """Id of the zone. The rules apply to all its names."""
    plan: CloudflarePlan
    """Plan of the zone, which limits rules and periods."""
    rate_limit: CloudflareRateLimit
    """Rate limit; plan.rate_limit_for scales one to the plan."""
    mode: Mode = Mode.BLOCK
    """Whether rules block or count. COUNT requires Enterprise."""
    origins: ClientRestrictions | None = None
    """Addresses, countries and networks that are blocked; None blocks none."""
    maintenance: MaintenancePage | None = None
    """Whether every request to the site is blocked, for CloudflareErrorPages to answer; None serves the site."""

    def __post_init__(self) -> None:
        limits = LIMITS[self.plan]
        if self.maintenance is not None and self.plan is CloudflarePlan.FREE:
            raise ValueError(
                f"maintenance: the plan {self.plan} has no custom error rules (got a page). Use Pro or a higher plan."
            )
        if self.mode is Mode.COUNT and not limits.log_action:
            raise ValueError(
                f"mode: the plan {self.plan} does not support the action log (got count). Use block, or count in the "
                "load balancer's AWS WAF; Cloudflare requires Enterprise."
            )
        if self.rate_limit.period_seconds > limits.rate_period_seconds:
            raise ValueError(
                f"rate_limit.period_seconds: too long for the plan {self.plan} (got "
                f"{self.rate_limit.period_seconds}). Give at most {limits.rate_period_seconds}, or use rate_limit_for."
            )
        if self.origins is not None and self.origins.client_address_header is not None:
            raise ValueError(
                "origins.client_address_header: not used by Cloudflare, which sees the client's address (got "
                f"{self.origins.client_address_header!r}). Give None."
            )


class CloudflareWaf(ComponentResource):
    """The zone's rulesets of the phases custom rules, rate limiting and managed rules."""

    def __init__(self, name: str, args: CloudflareWafArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareWaf", name, None, opts)
        self._logical_name = name
        self._zone_id = args.zone_id
        action = "log" if args.mode is Mode.COUNT else "block"
        self._ruleset("custom", "http_request_firewall_custom", "Custom rules of tierup", _custom(args, action))
        self._ruleset("rate-limit", "http_ratelimit", "Rate limit of tierup", [_rate(args.rate_limit, action)])
        if LIMITS[args.plan].managed_rules:
            self._ruleset(
                "managed", "http_request_firewall_managed", "Managed rules of tierup", _managed(counted=action == "log")
            )
        self.register_outputs({})

    def _ruleset(self, part: str, phase: str, title: str, rules: list[Rule]) -> None:
        cloudflare.Ruleset(
            f"{self._logical_name}-{part}",
            zone_id=self._zone_id,
            kind="zone",
            phase=phase,
            name=title,
            rules=rules,
            opts=ResourceOptions(parent=self),
        )


def _custom(args: CloudflareWafArgs, action: str) -> list[Rule]:
    rules: list[Rule] = []
    if args.maintenance is not None:
        rules.append(_maintenance(args.maintenance))
    if args.origins is not None:
        rules.append(_rule("origins", "Blocked addresses, countries and networks", _restricted(args.origins), action))
    query = "lower(url_decode(http.request.uri.query))"
    operators = " or ".join(f"{query} contains {_quoted(start)}" for start in _OPERATOR_STARTS)
    rules.append(_rule("nosql", "MongoDB operators in the query", f"({operators})", action))
    rules.append(_not_counted(args.rate_limit.exempt_addresses))
    return rules


def _maintenance(page: MaintenancePage) -> Rule:
    return _rule("maintenance", "Maintenance of the site", for_host(page.hosts, *not_below(page.api_path)), "block")


def _not_counted(addresses: Sequence[str]) -> Rule:
    """Return the rule that skips the rate limit for CORS preflight requests and exempt addresses.

    A rate limiting rule itself may use the path only on Free, and the method and the address from Business on.
    https://developers.cloudflare.com/waf/custom-rules/skip/options/ (read 2026-11-29) and
    https://developers.cloudflare.com/waf/rate-limiting-rules/#availability (read 2026-11-24)
    """
    conditions = ['(http.request.method eq "OPTIONS")', *([f"(ip.src in {_listed(addresses)})"] if addresses else [])]
    rule = _rule("not-counted", "Requests without a rate limit", " or ".join(conditions), "skip")
    rule["action_parameters"] = {"phases": ["http_ratelimit"]}
    rule["logging"] = {"enabled": True}
    return rule


def _restricted(origins: ClientRestrictions) -> str:
    conditions: list[str] = []
    if origins.allowed_addresses:
        conditions.append(f"not ip.src in {_listed(origins.allowed_addresses)}")
    if origins.allowed_countries:
        conditions.append(f"not ip.src.country in {_listed(map(_quoted, origins.allowed_countries))}")
    if origins.blocked_countries:
        conditions.append(f"ip.src.country in {_listed(map(_quoted, origins.blocked_countries))}")
    if origins.blocked_asns:
        conditions.append(f"ip.src.asnum in {_listed(map(str, origins.blocked_asns))}")
    restricted = " or ".join(f"({each})" for each in conditions)
    if not origins.exempt_paths:
        return restricted
    paths = _listed(map(_quoted, origins.exempt_paths))
    return f"({restricted}) and not http.request.uri.path in {paths}"


def _rate(limit: CloudflareRateLimit, action: str) -> Rule:
    rule = _rule(
        "rate-limit",
        f"{limit.requests} requests in {limit.period_seconds} s below {limit.path_prefix}",
        # Free supports no field but the path in a rate limit.
        " and not ".join(
            f'starts_with(lower(http.request.uri.path), "{path}")' for path in (limit.path_prefix, *limit.exempt_paths)
        ),
        action,
    )
    rule["ratelimit"] = {
        "characteristics": ["cf.colo.id", "ip.src"],
        "period": limit.period_seconds,
        "requests_per_period": limit.requests,
        "mitigation_timeout": limit.period_seconds,
    }
    return rule


def _managed(*, counted: bool) -> list[Rule]:
    rules: list[Rule] = []
    for ref, ruleset in MANAGED_RULESETS.items():
        rule = _rule(ref, f"Cloudflare's ruleset {ref}", "true", "execute")
        rule["action_parameters"] = {"id": ruleset, **({"overrides": {"action": "log"}} if counted else {})}
        rules.append(rule)
    return rules


def _rule(ref: str, description: str, expression: str, action: str) -> Rule:
    return {"ref": ref, "description": description, "expression": expression, "action": action, "enabled": True}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(values: Iterable[str]) -> str:
    return "{" + " ".join(values) + "}"
