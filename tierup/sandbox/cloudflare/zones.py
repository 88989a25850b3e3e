"""Zones, their settings and tiered cache."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, BehaviourRule, Call, Name, Reference, Rejection, Stage, assumed, one_for_each, rule
from .kept_settings import left_by_a_delete
from .sources import ERRORS, REPLACED, provider, sdk

ZONE = "cloudflare:index/zone:Zone"
SUBSCRIPTION = "cloudflare:index/zoneSubscription:ZoneSubscription"

_API = assumed(
    "the settings' values in the dashboard; page to check:"
    " https://developers.cloudflare.com/api/resources/zones/subresources/settings/"
)
_NOW = "2026-11-24T00:00:00Z"

_SWITCHES = {  # one per zone, on or off
    "cloudflare:index/argoTieredCaching:ArgoTieredCaching": "argotieredcaching",
    "cloudflare:index/tieredCache:TieredCache": "tieredcache",
}
_SETTINGS: dict[str, tuple[object, ...]] = {  # those with a closed list of values
    "always_online": ("on", "off"),
    "always_use_https": ("on", "off"),
    "automatic_https_rewrites": ("on", "off"),
    "brotli": ("on", "off"),
    "browser_check": ("on", "off"),
    "cache_level": ("aggressive", "basic", "simplified"),
    "early_hints": ("on", "off"),
    "email_obfuscation": ("on", "off"),
    "hotlink_protection": ("on", "off"),
    "http2": ("on", "off"),
    "http3": ("on", "off"),
    "ipv6": ("on", "off"),
    "min_tls_version": ("1.0", "1.1", "1.2", "1.3"),
    "opportunistic_encryption": ("on", "off"),
    "rocket_loader": ("on", "off"),
    "security_level": ("off", "essentially_off", "low", "medium", "high", "under_attack"),
    "ssl": ("off", "flexible", "full", "strict", "origin_pull"),
    "tls_1_3": ("on", "off", "zrt"),
    "tls_client_auth": ("on", "off"),
    "websockets": ("on", "off"),
    "0rtt": ("on", "off"),
}


_RATE_PLANS = {"free": "free", "pro": "pro", "pro_plus": "pro", "business": "business", "enterprise": "enterprise"}


def in_zone(*, holds: bool = False) -> Reference:
    """Return the reference of a resource to its zone. Deleting a zone deletes everything in it."""
    return Reference(path="zoneId", to=ZONE, code="7003", holds=holds, source=ERRORS)


def once(*scope: str) -> BehaviourRule:
    """Return a rule that allows one resource of a type per value of `scope`."""
    return one_for_each(*scope, code="1004", source=assumed("a second owner would overwrite it"), of_stacks=True)


@rule("setting-value-is-allowed", Stage.PLAN, source=_API)
def _setting(call: Call) -> Iterator[Rejection]:
    allowed, value = _SETTINGS.get(str(call.get("settingId"))), call.get("value")
    if allowed and isinstance(value, (str, bool, int, float)) and value not in allowed:
        yield Rejection(
            "value",
            f"not allowed (got {value!r}). Allowed for {call.get('settingId')}: {', '.join(map(str, allowed))}.",
            "1007",
        )


def _name_servers(call: Call) -> list[str]:
    names = ("ada", "bob", "cora", "dale", "elle", "finn", "gina", "hank")
    first = int(call.hex(2), 16) % len(names)
    return [f"{names[first]}.ns.cloudflare.com", f"{names[(first + 3) % len(names)]}.ns.cloudflare.com"]


def plan_of(call: Call) -> str | None:
    """Return the plan of a call's zone ("free", "pro", "business", "enterprise"), or None if it is not known.

    A zone that a stack creates is on the free plan until a ZoneSubscription changes it. The plan of a zone that exists
    before the stack is not known.
    """
    for subscription in call.cloud.find(SUBSCRIPTION, zoneId=call.get("zoneId")):
        plan = str((subscription.inputs.get("ratePlan") or {}).get("id"))
        return _RATE_PLANS.get(plan)
    zone = call.cloud.get(ZONE, call.get("zoneId") or "")
    plan = (zone.outputs.get("plan") or {}).get("legacyId") if zone is not None and zone.urn else None
    return str(plan) if plan else None


def is_inside(name: str, zone: str) -> bool:
    """Return whether a host name is the zone's name or a subdomain of it."""
    return name == zone or name.endswith(f".{zone}")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=ZONE,
        source=sdk("zone"),
        id="{hex32}",
        outputs={
            "activatedOn": _NOW,
            "cnameSuffix": "",
            "createdOn": _NOW,
            "developmentMode": 0,
            "meta": {"pageRuleQuota": 3, "phishingDetected": False},
            "modifiedOn": _NOW,
            "nameServers": _name_servers,
            "originalDnshost": "",
            "originalNameServers": (),
            "originalRegistrar": "",
            "owner": {"id": "", "name": "", "type": "organization"},
            "paused": False,
            "permissions": (),
            "plan": {"id": "free", "name": "Free Website", "legacyId": "free"},
            # A real zone is pending until its registrar has these name servers; the sandbox activates it at once.
            "status": "active",
            "tenant": {"id": "", "name": ""},
            "tenantUnit": {"id": ""},
            "type": "full",
            "vanityNameServers": (),
            "verificationKey": "",
        },
        replaces=frozenset({"name", "account"}),
        replace_source=REPLACED,
        enums={"type": ("full", "partial", "secondary", "internal")},
        name=Name(
            longest=253,
            pattern=r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}",
            allowed="a domain name, like 'example.com'",
            automatic=False,
            unique="global",
            taken="1061",
            source=sdk("zone"),
        ),
    ),
    Behaviour(
        type="cloudflare:index/zoneSetting:ZoneSetting",
        source=sdk("zonesetting"),
        id="{zoneId}/{settingId}",
        outputs={"editable": True, "enabled": False, "modifiedOn": _NOW, "timeRemaining": 0},
        replaces=frozenset({"zoneId", "settingId"}),
        replace_source=provider("zone_setting/schema.go"),
        overwrites=left_by_a_delete,
        references=(in_zone(),),
        rules=(_setting, once("zoneId", "settingId")),
    ),
    *(
        Behaviour(
            type=switch,
            source=sdk(page),
            id="{zoneId}",
            outputs={"editable": True, "modifiedOn": _NOW},
            replaces=frozenset({"zoneId"}),
            replace_source=REPLACED,
            enums={"value": ("on", "off")},
            overwrites=left_by_a_delete,
            references=(in_zone(),),
            rules=(once("zoneId"),),
        )
        for switch, page in _SWITCHES.items()
    ),
)
