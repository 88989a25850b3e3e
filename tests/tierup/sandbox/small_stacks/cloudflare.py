"""Stacks of Cloudflare. The sources of the decisions are those of the rules that refuse them."""

# ruff: noqa: E501 - a resource stays on one line

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .stack import Step

ACCOUNT = "0123456789abcdef0123456789abcdef"
MISSING = "f70ff985-a4ef-4643-bbbc-4a0ed4fc8415"
ZONE: Step = ("zone", "cloudflare:Zone", {"name": "example.com", "account": {"id": ACCOUNT}})
_IN_ZONE = {"zoneId": "$zone"}
_IN_ACCOUNT = {"accountId": ACCOUNT}


def _record(type: str, content: str | None = None, **more: Any) -> Step:
    given = {"content": content} if content is not None else {}
    return ("last", "cloudflare:DnsRecord", {**_IN_ZONE, "type": type, "name": "a", "ttl": 1, **given, **more})


def _zone(type: str, resource: str = "last", /, **inputs: Any) -> Step:
    return (resource, f"cloudflare:{type}", {**_IN_ZONE, **inputs})


def _account(type: str, resource: str = "last", /, **inputs: Any) -> Step:
    return (resource, f"cloudflare:{type}", {**_IN_ACCOUNT, **inputs})


def rules(phase: str, action: str, expression: str = "true", **rule: Any) -> Step:
    one = {"action": action, "expression": expression, **rule}
    return _zone("Ruleset", kind="zone", name="default", phase=phase, rules=[one])


def _blocks(expression: str) -> Step:
    return rules("http_request_firewall_custom", "block", expression)


def _limit(**more: Any) -> Step:
    limit = {"characteristics": ["cf.colo.id", "ip.src"], "period": 10, "requestsPerPeriod": 5, "mitigationTimeout": 10}
    return rules("http_ratelimit", "block", ratelimit={**limit, **more})


_PLAN = _zone("ZoneSubscription", "plan", ratePlan={"id": "pro"})
_SCRIPT = _account("WorkersScript", "script", scriptName="s", content="export default {}", mainModule="a.js")
_TUNNEL = _account("ZeroTrustTunnelCloudflared", "tunnel", name="t", configSrc="cloudflare")
_LIST = _account("List", "list", name="blocked", kind="ip")
_APPLICATION = {"name": "n", "type": "self_hosted", "domain": "admin.example.com"}

WRONG: Mapping[str, tuple[str, tuple[Step, ...]]] = {
    "SRV record without a target": ("data.target: it is missing", (ZONE, _record("SRV", data={"priority": 1, "weight": 1, "port": 5060}))),
    "CAA record with an unknown tag": ("unknown tag", (ZONE, _record("CAA", data={"flags": 0, "tag": "permit", "value": "ca.example"}))),
    "CNAME record to itself": ("refers to itself", (ZONE, _record("CNAME", "a.example.com"))),
    "MX record to an address": ("requires a host name", (ZONE, _record("MX", "192.0.2.1", priority=10))),
    "long TXT record": ("too long", (ZONE, _record("TXT", "x" * 3000))),
    "record tags on the free plan": ("exceeding the quota", (ZONE, _record("A", "192.0.2.1", tags=["team:web"]))),
    "IP field compared with a text": ("got string", (ZONE, _blocks('ip.src eq "192.0.2.1"'))),
    "text field compared with a number": ("got number", (ZONE, _blocks("http.host eq 5"))),
    "field that is no condition": ("expected a comparison", (ZONE, _blocks("http.host"))),
    "list of headers compared as one text": ("does not compare", (ZONE, _blocks('http.request.headers["x"] eq "y"'))),
    "list of conditions": ("any() or all()", (ZONE, _blocks('http.request.headers["x"][*] eq "y"'))),
    "field of the response": ("not available in the phase", (ZONE, _blocks("http.response.code eq 200"))),
    "function with too few arguments": ("takes 2 arguments", (ZONE, _blocks("starts_with(http.host)"))),
    "long expression": ("too long", (ZONE, _blocks(" or ".join(['http.host eq "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'] * 100)))),
    "range without braces": ("in braces", (ZONE, _blocks("ip.src in 10.0.0.0/8"))),
    "range that is too long": ("invalid address", (ZONE, _blocks("ip.src in {10.0.0.0/33}"))),
    "missing list": ("$blocked does not exist", (ZONE, _blocks("ip.src in $blocked"))),
    "managed list on the free plan": ("not entitled", (ZONE, _blocks("ip.src in $cf.botnetcc"))),
    "bot score without Bot Management": ("not entitled", (ZONE, _blocks("cf.bot_management.score lt 30"))),
    "short edge TTL on the free plan": (
        "7200 seconds or more",
        (ZONE, rules("http_request_cache_settings", "set_cache_settings", actionParameters={"cache": True, "edgeTtl": {"mode": "override_origin", "default": 60}})),
    ),
    "host override on the free plan": ("Enterprise", (ZONE, rules("http_request_origin", "route", actionParameters={"hostHeader": "x.example.com"}))),
    "removed header with a value": (
        "has no value", (ZONE, rules("http_request_late_transform", "rewrite", actionParameters={"headers": {"x-a": {"operation": "remove", "value": "b"}}})),
    ),
    "reserved header": ("is reserved", (ZONE, rules("http_request_late_transform", "rewrite", actionParameters={"headers": {"Host": {"operation": "set", "value": "b"}}}))),
    "long mitigation on the free plan": ("timeout is too long", (ZONE, _limit(mitigationTimeout=3600))),
    "header as a characteristic on the free plan": ("not entitled", (ZONE, _limit(characteristics=["cf.colo.id", 'http.request.headers["x"]']))),
    "fourth page rule on the free plan": (
        "too many page rules",
        (ZONE, *(_zone("PageRule", f"rule{n}", target=f"example.com/{n}", actions={"cacheLevel": "bypass"}) for n in range(4))),
    ),
    "page rule of another domain": ("not in the zone", (ZONE, _zone("PageRule", target="example.net/*", actions={"cacheLevel": "bypass"}))),
    "route to a missing script": ("script 'ghost' does not exist", (ZONE, _zone("WorkersRoute", pattern="example.com/*", script="ghost"))),
    "second route of a pattern": (
        "already exists", (ZONE, _SCRIPT, *(_zone("WorkersRoute", name, pattern="example.com/*", script="s") for name in ("one", "last"))),
    ),
    "cron of five words": ("invalid cron", (_SCRIPT, _account("WorkersCronTrigger", scriptName="s", schedules=[{"cron": "every day at six am"}]))),
    "value in a missing namespace": (f"the namespace '{ACCOUNT}' does not exist", (_account("WorkersKv", namespaceId=ACCOUNT, keyName="k", value="v"),)),
    "binding to a missing bucket": (
        "bucket 'ghost' does not exist", (_account("WorkersScript", scriptName="s", content="x", bindings=[{"name": "B", "type": "r2_bucket", "bucketName": "ghost"}]),),
    ),
    "second bucket of a name": ("already exists", tuple(_account("R2Bucket", name, name="bucket") for name in ("one", "last"))),
    "tunnel without a rule for all hosts": (
        "must match all URLs",
        (_TUNNEL, _account("ZeroTrustTunnelCloudflaredConfig", tunnelId="$tunnel", config={"ingresses": [{"hostname": "a.example.com", "service": "http://localhost:1"}]})),
    ),
    "configuration of a missing tunnel": ("does not exist", (_account("ZeroTrustTunnelCloudflaredConfig", tunnelId=MISSING, config={"ingresses": [{"service": "http_status:404"}]}),)),
    "application with a missing policy": (f"the policy '{MISSING}' does not exist", (ZONE, _zone("ZeroTrustAccessApplication", **_APPLICATION, policies=[{"id": MISSING, "precedence": 1}]))),
    "redirect in a list of addresses": ("must have ip", (_LIST, _account("ListItem", listId="$list", redirect={"sourceUrl": "example.com/", "targetUrl": "https://example.net"}))),
    "waiting room on the free plan": ("not entitled", (ZONE, _zone("WaitingRoom", name="w", host="example.com", newUsersPerMinute=200, totalActiveUsers=200))),
    "zone dataset of an account": ("dataset of zones", (_account("LogpushJob", dataset="http_requests", destinationConf="s3://b?region=eu-west-1"),)),
    "access rule of an address with a country": ("does not fit the target ip", (_account("AccessRule", mode="block", configuration={"target": "ip", "value": "DE"}),)),
    "short life of a value": ("60 seconds", (_account("WorkersKvNamespace", "kv", title="t"), _account("WorkersKv", namespaceId="$kv", keyName="k", value="v", expirationTtl=10))),
    "access group without a rule": ("Include rule", (_account("ZeroTrustAccessGroup", name="n", includes=[]),)),
    "token without a policy": ("at least one policy", (("last", "cloudflare:ApiToken", {"name": "n", "policies": []}),)),
    "account id with a name": ("could not route", (("last", "cloudflare:R2Bucket", {"accountId": "acme", "name": "bucket"}),)),
}  # fmt: skip
"""A part of the message, and the stack whose last resource is refused."""

RIGHT: Mapping[str, tuple[Step, ...]] = {
    "list in an expression": (ZONE, _LIST, _blocks("ip.src in $blocked and not ip.src in {192.0.2.0/24 2001:db8::/32}")),
    "header conditions": (ZONE, _blocks('any(lower(http.request.headers["x-a"][*])[*] contains "b") or len(http.request.headers["x-b"]) eq 0')),
    "conditions of each type": (
        ZONE,
        _blocks('ssl and ip.src.asnum in {13335 15169} and (http.request.method in {"POST" "PUT"}) and not cf.client.bot and starts_with(lower(http.request.uri.path), "/a")'),
    ),
    "argument by name": (ZONE, _blocks('http.request.uri.args["debug"][0] eq "1" or http.cookie contains "debug=1" or http.request.headers.truncated')),
    "response headers": (
        ZONE,
        rules("http_response_headers_transform", "rewrite", "http.response.code in {200 304}", actionParameters={"headers": {"Server": {"operation": "remove"}, "X-A": {"operation": "set", "value": "b"}}}),
    ),
    "long mitigation on the Pro plan": (ZONE, _PLAN, _limit(mitigationTimeout=3600)),
    "short edge TTL on the Pro plan": (
        ZONE, _PLAN, rules("http_request_cache_settings", "set_cache_settings", actionParameters={"cache": True, "edgeTtl": {"mode": "override_origin", "default": 3600}}),
    ),
    "service record": (ZONE, _record("SRV", data={"priority": 0, "weight": 0, "port": 5060, "target": "sip.example.com"})),
    "HTTPS record": (ZONE, _record("HTTPS", data={"priority": 1, "target": ".", "value": 'alpn="h3,h2"'})),
    "worker with bindings": (
        ZONE,
        _account("WorkersKvNamespace", "kv", title="t"),
        _account("R2Bucket", "bucket", name="bucket"),
        _account(
            "WorkersScript", "script", scriptName="s", content="export default {}", mainModule="a.js",
            bindings=[{"name": "KV", "type": "kv_namespace", "namespaceId": "$kv"}, {"name": "B", "type": "r2_bucket", "bucketName": "bucket"}, {"name": "T", "type": "plain_text", "text": "x"}],
        ),
        _zone("WorkersRoute", "route", pattern="*.example.com/api/*", script="s"),
        _zone("WorkersRoute", "none", pattern="*example.com/static/*"),
        _account("WorkersCronTrigger", "cron", scriptName="s", schedules=[{"cron": "*/30 9-17 * * MON-FRI"}, {"cron": "0 0 L * *"}]),
        _account("WorkersCustomDomain", "domain", zoneId="$zone", hostname="api.example.com", service="s"),
    ),
    "tunnel": (
        _TUNNEL,
        _account("ZeroTrustTunnelCloudflaredConfig", tunnelId="$tunnel", config={"ingresses": [{"hostname": "a.example.com", "service": "https://10.0.0.1:443"}, {"service": "http_status:404"}]}),
    ),
    "application with a policy": (
        ZONE,
        _account("ZeroTrustAccessPolicy", "policy", name="n", decision="allow", includes=[{"emailDomain": {"domain": "example.com"}}]),
        _zone("ZeroTrustAccessApplication", **_APPLICATION, policies=[{"id": "$policy", "precedence": 1}]),
    ),
    "address in a list": (_LIST, _account("ListItem", listId="$list", ip="192.0.2.0/24")),
}  # fmt: skip
"""Stacks that Cloudflare accepts."""
