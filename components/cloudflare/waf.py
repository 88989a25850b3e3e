"""Cloudflare's firewall before site and API: who may come, what may be asked, how often.

Makes: the zone's custom rules, its rate limit and, on a paid plan, its managed rules. Not here: bodies. To read them
takes Enterprise, so the load balancer's AWS WAF goes on looking at their size and for MongoDB's operators in them.
Checklist: rate limiting, input validation on all endpoints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cloudflare.plan import LIMITS, CloudflarePlan, CloudflareRateLimit
from components.cloudflare.rulesets import Rule
from components.waf.client_rules import ClientRestrictions
from components.waf.rules import Mode

MANAGED_RULESETS = {
    "cloudflare-managed": "efb7b8c949ac4650a09736dc376e9aee",
    "owasp-core": "4814384a9e5d4991b9815dcfc25d2f1f",
}
"""Cloudflare's own rulesets; their ids are the same in every account.
As cloudflare/terraform-provider-cloudflare's acceptance tests and others name them (read 2026-11-24); page to check:
https://developers.cloudflare.com/waf/managed-rules/"""

_OPERATOR_STARTS = ("[$", "{$", '"$', "'$")
"""How the name of a MongoDB operator begins in a query: user[$ne]=, filter={"$where": ...}. By plain text, because
regular expressions take Business."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareWafArgs:
    """What the firewall of one zone needs."""

    zone_id: Input[str]
    """The zone that is guarded, all names in it."""
    plan: CloudflarePlan
    """What was bought for the zone; it bounds rules and periods."""
    rate_limit: CloudflareRateLimit
    """See cloudflare_plan.rate_limit_for."""
    mode: Mode = Mode.BLOCK
    """COUNT takes Enterprise."""
    origins: ClientRestrictions | None = None
    """Countries and networks that are kept out; None lets in everybody."""

    def __post_init__(self) -> None:
        limits = LIMITS[self.plan]
        if self.mode is Mode.COUNT and not limits.counts_only:
            raise ValueError(
                f"mode: got count on the plan {self.plan}, allowed block: to log and let pass takes Cloudflare's "
                "Enterprise plan. Look at Security Analytics, or count in the load balancer's AWS WAF"
            )
        if self.rate_limit.period_seconds > limits.rate_period_seconds:
            raise ValueError(
                f"rate_limit.period_seconds: got {self.rate_limit.period_seconds}, allowed up to "
                f"{limits.rate_period_seconds} on the plan {self.plan}; take cloudflare_plan.rate_limit_for"
            )
        if self.origins is not None and self.origins.client_address_header is not None:
            raise ValueError(
                f"origins.client_address_header: got {self.origins.client_address_header!r}, allowed None: "
                "Cloudflare sees the clients themselves"
            )


class CloudflareWaf(ComponentResource):
    """One ruleset for each phase of Cloudflare's firewall."""

    def __init__(self, name: str, args: CloudflareWafArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:Firewall", name, None, opts)
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
    if args.origins is not None:
        rules.append(_rule("origins", "Countries and networks that are kept out", _unwanted(args.origins), action))
    query = "lower(url_decode(http.request.uri.query))"
    operators = " or ".join(f"{query} contains {_quoted(start)}" for start in _OPERATOR_STARTS)
    rules.append(_rule("nosql", "MongoDB operators in the query", f"({operators})", action))
    return rules


def _unwanted(origins: ClientRestrictions) -> str:
    conditions: list[str] = []
    if origins.allowed_countries:
        conditions.append(f"not ip.src.country in {_listed(map(_quoted, origins.allowed_countries))}")
    if origins.blocked_countries:
        conditions.append(f"ip.src.country in {_listed(map(_quoted, origins.blocked_countries))}")
    if origins.blocked_asns:
        conditions.append(f"ip.src.asnum in {_listed(map(str, origins.blocked_asns))}")
    return " or ".join(f"({each})" for each in conditions)


def _rate(limit: CloudflareRateLimit, action: str) -> Rule:
    rule = _rule(
        "rate-limit",
        f"{limit.requests} requests in {limit.period_seconds} s below {limit.path_prefix}",
        # The path alone: Free knows no other field here.
        f'starts_with(lower(http.request.uri.path), "{limit.path_prefix}")',
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
