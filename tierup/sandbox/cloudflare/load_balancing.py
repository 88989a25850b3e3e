"""Load balancing: monitors, pools of origins and load balancers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Name, Reference, Rejection, Stage, documented, located, rule
from .sources import ERRORS, REPLACED, sdk
from .zones import ZONE, in_zone, is_inside

BALANCER = "cloudflare:index/loadBalancer:LoadBalancer"
POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool"
MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor"

_NOW = "2026-11-24T00:00:00Z"
_CODE = r"([1-5]\d\d(-[1-5]\d\d)?|[1-5]xx)"
_CODES = rf"{_CODE}(,\s*{_CODE})*"
_IN_USE = "1005"
_AFFINITY_TTLS = {"cookie": (1_800, 604_800), "ip_cookie": (1_800, 604_800), "header": (30, 3_600)}
_REGIONS = (
    "WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME", "NAF", "SAF", "SAS", "SEAS", "NEAS", "ALL_REGIONS",
)  # fmt: skip


@rule("balancer-name-is-in-its-zone", Stage.CREATE, Stage.UPDATE, source=sdk("loadbalancer"))
def _name_in_zone(call: Call) -> Iterator[Rejection]:
    zone = call.cloud.get(ZONE, call.get("zoneId"))
    name = str(call.get("name"))
    if zone is not None and not is_inside(name, str(zone.outputs.get("name"))):
        yield Rejection(
            "name", f"the name is outside the zone (got '{name}'). Use a host of '{zone.outputs.get('name')}'.", "1002"
        )


@rule("session-affinity-ttl-is-allowed", Stage.PLAN, source=sdk("loadbalancer"))
def _affinity(call: Call) -> Iterator[Rejection]:
    kind, ttl = call.get("sessionAffinity"), call.get("sessionAffinityTtl")
    low, high = _AFFINITY_TTLS.get(str(kind), (0, 604_800))
    if isinstance(ttl, (int, float)) and not low <= ttl <= high:
        yield Rejection(
            "sessionAffinityTtl",
            f"the TTL is out of range (got {ttl:g}). For {kind}, allowed are {low} to {high} seconds.",
            "1002",
        )
    if call.get("proxied") is True and call.get("ttl") is not None:
        yield Rejection("ttl", "a proxied load balancer has no TTL. Omit it.", "1002")
    if call.get("defaultPools") == []:
        yield Rejection("defaultPools", "the list is empty. Add at least one pool.", "1002")


@rule(
    "region-exists",
    Stage.PLAN,
    source=documented(
        "https://developers.cloudflare.com/load-balancing/reference/region-mapping-api/", read="2026-11-29"
    ),
)
def _region(call: Call) -> Iterator[Rejection]:
    pools = call.get("regionPools")
    for code in pools if isinstance(pools, dict) else ():
        if code not in _REGIONS[:-1]:
            message = f"the region does not exist (got '{code}'). Allowed are {', '.join(_REGIONS[:-1])}."
            yield Rejection(f"regionPools.{code}", message, "1002")


@rule("pool-has-distinct-origins", Stage.PLAN, source=sdk("loadbalancerpool"))
def _origins(call: Call) -> Iterator[Rejection]:
    if call.get("origins") == []:
        yield Rejection("origins", "the list is empty. Add at least one origin.", "1002")
    seen: set[str] = set()
    for at, name in located(call.inputs, "origins[*].name"):
        if isinstance(name, str) and name in seen:
            yield Rejection(at, f"duplicate origin name (got '{name}'). Use unique names.", "1002")
        seen.add(str(name))
    if ("latitude" in call.inputs) != ("longitude" in call.inputs):
        yield Rejection("latitude", "latitude and longitude must be set together.", "1002")


@rule("monitor-fits-its-type", Stage.PLAN, source=sdk("loadbalancermonitor"))
def _monitor(call: Call) -> Iterator[Rejection]:
    kind = call.get("type", "http")
    if kind in ("tcp", "udp_icmp", "smtp") and "port" not in call.inputs:
        yield Rejection("port", f"it is missing. A monitor of type {kind} requires a port.", "1002")
    codes = call.get("expectedCodes")
    if isinstance(codes, str) and codes and not re.fullmatch(_CODES, codes):
        yield Rejection("expectedCodes", f"invalid codes (got '{codes}'). Use the form 200, 2xx or 200-299.", "1002")
    if kind not in ("http", "https"):
        for path in ("allowInsecure", "expectedBody", "expectedCodes", "followRedirects", "header", "path"):
            if path in call.inputs:
                yield Rejection(path, f"it is allowed only for http and https (type is {kind}). Omit it.", "1002")


def _pool(path: str) -> Reference:
    return Reference(path=path, to=POOL, code="1002", in_use=_IN_USE, source=ERRORS)


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=BALANCER,
        source=sdk("loadbalancer"),
        id="{hex32}",
        outputs={
            "adaptiveRouting": {"failoverAcrossPools": False},
            "countryPools": {},
            "createdOn": _NOW,
            "description": "",
            "enabled": True,
            "locationStrategy": {"mode": "pop", "preferEcs": "proximity"},
            "modifiedOn": _NOW,
            "networks": (),
            "popPools": {},
            "proxied": False,
            "randomSteering": {"defaultWeight": 1},
            "regionPools": {},
            "rules": (),
            "sessionAffinity": "none",
            "sessionAffinityAttributes": {},
            "sessionAffinityTtl": 0,
            "steeringPolicy": "",
            "ttl": 30,
            "zoneName": lambda call: _zone_name(call),
        },
        replaces=frozenset({"zoneId"}),
        replace_source=REPLACED,
        enums={
            "sessionAffinity": ("none", "cookie", "ip_cookie", "header"),
            "steeringPolicy": (
                "off", "geo", "random", "dynamic_latency", "proximity", "least_outstanding_requests",
                "least_connections", "",
            ),
        },
        name=Name(
            longest=253, automatic=False, unique="zoneId", taken="1004",
            pattern=r"([a-z0-9_*-]+\.)+[a-z0-9-]+", allowed="a host name", source=sdk("loadbalancer"),
        ),
        references=(in_zone(), _pool("defaultPools[*]"), _pool("fallbackPool")),
        rules=(_name_in_zone, _affinity, _region),
    ),
    Behaviour(
        type=POOL,
        source=sdk("loadbalancerpool"),
        id="{hex32}",
        outputs={
            "createdOn": _NOW,
            "description": "",
            "disabledAt": "",
            "enabled": True,
            "loadShedding": {
                "defaultPercent": 0, "defaultPolicy": "random", "sessionPercent": 0, "sessionPolicy": "hash",
            },
            "minimumOrigins": 1,
            "modifiedOn": _NOW,
            "networks": (),
            "notificationEmail": "",
            "notificationFilter": {},
            "originSteering": {"policy": "random"},
        },
        replaces=frozenset({"accountId"}),
        replace_source=REPLACED,
        enums={
            "originSteering.policy": ("random", "hash", "least_outstanding_requests", "least_connections"),
            "checkRegions[*]": _REGIONS,
        },
        ranges={"origins[*].weight": (0, 1), "origins[*].port": (0, 65_535)},
        name=Name(
            longest=255, automatic=False, unique="accountId", taken="1004", pattern=r"[\w-]+",
            allowed="letters, digits, '-' and '_'", source=sdk("loadbalancerpool"),
        ),
        references=(Reference(path="monitor", to=MONITOR, code="1002", in_use=_IN_USE, source=ERRORS),),
        rules=(_origins,),
    ),
    Behaviour(
        type=MONITOR,
        source=sdk("loadbalancermonitor"),
        id="{hex32}",
        outputs={
            "allowInsecure": False,
            "createdOn": _NOW,
            "description": "",
            "expectedBody": "",
            "expectedCodes": "",
            "followRedirects": False,
            "interval": 60,
            "method": "GET",
            "modifiedOn": _NOW,
            "path": "/",
            "probeZone": "",
            "retries": 2,
            "timeout": 5,
            "type": "http",
        },
        replaces=frozenset({"accountId"}),
        replace_source=REPLACED,
        enums={"type": ("http", "https", "tcp", "udp_icmp", "icmp_ping", "smtp")},
        ranges={"interval": (5, 3_600), "timeout": (1, 10), "retries": (0, 5), "port": (0, 65_535)},
        rules=(_monitor,),
    ),
)  # fmt: skip


def _zone_name(call: Call) -> str:
    zone = call.cloud.get(ZONE, call.inputs["zoneId"])
    return str(zone.outputs.get("name", "")) if zone else ""
