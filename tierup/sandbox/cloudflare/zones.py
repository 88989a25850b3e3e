"""Zones, their settings and tiered cache."""

from __future__ import annotations

from ..behaviour import Behaviour, BehaviourRule, Call, Name, Reference, assumed, one_for_each
from .kept_settings import left_by_a_delete
from .plans import ZONE
from .sources import ERRORS, REPLACED, provider, sdk
from .zone_settings import SETTING_RULES

_NOW = "2026-11-24T00:00:00Z"

_SWITCHES = {  # one per zone, on or off
    "cloudflare:index/argoTieredCaching:ArgoTieredCaching": "argotieredcaching",
    "cloudflare:index/tieredCache:TieredCache": "tieredcache",
}


def in_zone(*, holds: bool = False) -> Reference:
    """Return the reference of a resource to its zone. Deleting a zone deletes everything in it."""
    return Reference(path="zoneId", to=ZONE, code="7003", holds=holds, source=ERRORS)


def once(*scope: str) -> BehaviourRule:
    """Return a rule that allows one resource of a type per value of `scope`."""
    return one_for_each(*scope, code="1004", source=assumed("a second owner would overwrite it"), of_stacks=True)


def _name_servers(call: Call) -> list[str]:
    names = ("ada", "bob", "cora", "dale", "elle", "finn", "gina", "hank")
    first = int(call.hex(2), 16) % len(names)
    return [f"{names[first]}.ns.cloudflare.com", f"{names[(first + 3) % len(names)]}.ns.cloudflare.com"]


def is_inside(name: str, zone: str) -> bool:
    """Return whether a host name is the zone's name or a subdomain of it."""
    return name == zone or name.endswith(f".{zone}")


def domain_of(call: Call) -> str | None:
    """Return the domain of a call's zone, or None if the zone or its name is not known."""
    zone = call.cloud.get(ZONE, call.get("zoneId") or "")
    name = str(zone.outputs.get("name")) if zone is not None else ""
    return name if "." in name else None


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
        rules=(*SETTING_RULES, once("zoneId", "settingId")),
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
