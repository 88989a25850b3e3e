"""A Cloudflare zone as a stack shows it: its settings, its rulesets, and the records that go through the proxy.

What a zone is set to holds for everything behind the proxy, so a rule on it has one subject a zone: the zone itself
where the stack makes it, else the first of its proxied records by name. A stack that only puts a record into a zone,
to prove a certificate or to give an application its name, does not say what the zone is set to: somebody else does, and
a rule can't see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..rule import NOTHING, Finding, Indeterminate, NotApplicable, Resource, Stack, items
from ..values import UnknownValue

ZONE = "cloudflare:index/zone:Zone"
ZONE_SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
RULESET = "cloudflare:index/ruleset:Ruleset"
RECORDS = ("cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record")
SUBJECTS = (ZONE, *RECORDS)
"""What a rule on a whole zone applies to; `evaluated_here` picks the one that stands for it."""

# Anything else that a stack may set on a zone, for the rules that ask for it.
CONNECTOR = "cloudflare:index/cloudConnectorRules:CloudConnectorRules"
MANAGED_TRANSFORMS = "cloudflare:index/managedTransforms:ManagedTransforms"
PAGE_RULE = "cloudflare:index/pageRule:PageRule"
OLD_RATE_LIMIT = "cloudflare:index/rateLimit:RateLimit"
TIERED_CACHE = "cloudflare:index/tieredCache:TieredCache"
OLD_SETTINGS = "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride"  # of the provider's versions before 6
SET_ON_ZONE = (
    ZONE_SETTING,
    RULESET,
    CONNECTOR,
    MANAGED_TRANSFORMS,
    PAGE_RULE,
    OLD_RATE_LIMIT,
    OLD_SETTINGS,
    TIERED_CACHE,
)


@dataclass(slots=True)
class Zone:
    """What the stack holds of one zone."""

    resource: Resource | None = None
    proxied: list[Resource] = field(default_factory=list[Resource])
    others: list[Resource] = field(default_factory=list[Resource])

    def of(self, type_: str) -> list[Resource]:
        """What the stack sets on the zone by resources of this type."""
        return [each for each in self.others if each.type == type_]

    def setting(self, setting_id: str) -> Resource | None:
        """The zone setting of that id."""
        return next((each for each in self.of(ZONE_SETTING) if each.properties.get("settingId") == setting_id), None)

    def rules(self, phase: str) -> Iterator[Mapping[str, Any]]:
        """The rules of a phase that are on; one that does not say is."""
        for ruleset in self.of(RULESET):
            if ruleset.properties.get("phase") == phase:
                yield from (rule for _, rule in items(ruleset.properties, "rules") if rule.get("enabled") is not False)


def zone_of(resource: Resource, stack: Stack) -> Zone:
    """The zone that a record, a setting or a ruleset belongs to, or that a zone's resource makes."""
    zones, index = _index(stack)
    return zones.get(_key(resource, index), Zone())


def evaluated_here(resource: Resource, stack: Stack, shown_by: tuple[str, ...] = SET_ON_ZONE) -> Zone:
    """The zone that `resource` stands for. Raises NotApplicable where another does, or where nothing of it is proxied.

    Raises Indeterminate where the stack neither makes the zone nor sets anything on it by resources of types
    `shown_by`.
    """
    if resource.type in RECORDS and not resource.properties.get("proxied"):
        raise NotApplicable("the record only answers for a name: nothing goes through Cloudflare")
    zone = zone_of(resource, stack)
    if not zone.proxied:
        raise NotApplicable("no record of the zone goes through Cloudflare")
    subject = zone.resource or min(zone.proxied, key=lambda record: record.name)
    if subject.urn != resource.urn:
        raise NotApplicable(f"the zone is evaluated once, with {subject.name}")
    if zone.resource is None and not any(other.type in shown_by for other in zone.others):
        raise Indeterminate("what the zone is set to is not in this stack")
    return zone


def value_of(setting: Resource, setting_id: str) -> Any:
    """The value of a zone setting. Raises NotApplicable when it is another setting."""
    if setting.properties.get("settingId") != setting_id:
        raise NotApplicable(f"it is not the setting {setting_id}")
    return setting.properties.get("value")


def not_set(resource: Resource, stack: Stack, setting_id: str, *, means: str, wanted: str) -> Iterator[Finding]:
    """A finding where the stack leaves a setting of the zone to Cloudflare, which then takes what `means` says."""
    zone = evaluated_here(resource, stack, (ZONE_SETTING, OLD_SETTINGS))
    if zone.of(OLD_SETTINGS):
        raise Indeterminate("the zone's settings are written in a form that the provider dropped with version 6")
    if zone.setting(setting_id) is not None:
        raise NotApplicable(f"the setting {setting_id} is evaluated by itself")
    yield Finding(f"zone setting {setting_id}", f"not set, which means {means}", wanted)


@lru_cache(maxsize=1)  # asked for each record and each rule of one stack after the other
def _index(stack: Stack) -> tuple[Mapping[str, Zone], Mapping[str, str]]:
    """The zones by key, and the URNs of those that the stack makes by URN and by id."""
    made: dict[str, str] = {}
    zones: dict[str, Zone] = {}
    for zone in stack.of((ZONE,)):
        made[zone.urn] = zone.urn
        if (zone_id := _known(zone.outputs, "id")) is not None:
            made[zone_id] = zone.urn
        zones[zone.urn] = Zone(zone)
    for record in stack.of(RECORDS):
        if _known(record.properties, "proxied"):
            zones.setdefault(_key(record, made), Zone()).proxied.append(record)
    for other in stack.of(SET_ON_ZONE):
        zones.setdefault(_key(other, made), Zone()).others.append(other)
    return zones, made


def _key(resource: Resource, made: Mapping[str, str]) -> str:
    """What tells zones apart: the URN of one of the stack, else the id, else where the id will come from."""
    if resource.type == ZONE:
        return resource.urn
    sources = resource.references.get("zoneId", frozenset())
    for source in sources:
        if source in made:
            return made[source]
    zone_id = _known(resource.properties, "zoneId")
    if zone_id is not None:
        return made.get(zone_id, zone_id)
    return " ".join(sorted(sources)) or f"none of {resource.urn}"


def _known(properties: Mapping[str, Any], key: str) -> Any:
    try:
        return properties.get(key)
    except UnknownValue:
        return None


def parameters_of(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """A ruleset rule's action parameters."""
    return rule.get("actionParameters") or NOTHING
