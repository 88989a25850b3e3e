"""A Cloudflare zone as a stack shows it: its settings, its rulesets and its proxied records.

The settings of a zone apply to everything behind the proxy, so a rule on them has one subject for each zone: the zone
where the stack creates it, otherwise the first of its proxied records by name. A stack that only adds a record to a
zone, to validate a certificate or to name an application, does not set up the zone. Another stack does, which a rule
cannot see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..rule import NOTHING, Finding, Indeterminate, NotApplicable, Resource, Stack, items, known

ZONE = "cloudflare:index/zone:Zone"
ZONE_SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
RULESET = "cloudflare:index/ruleset:Ruleset"
RECORDS = ("cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record")
SUBJECTS = (ZONE, *RECORDS)
"""The types that a rule on a zone applies to; `evaluated_here` selects the subject among them."""

# Other resources that configure a zone, for the rules that read them.
CONNECTOR = "cloudflare:index/cloudConnectorRules:CloudConnectorRules"
MANAGED_TRANSFORMS = "cloudflare:index/managedTransforms:ManagedTransforms"
PAGE_RULE = "cloudflare:index/pageRule:PageRule"
OLD_RATE_LIMIT = "cloudflare:index/rateLimit:RateLimit"
TIERED_CACHE = "cloudflare:index/tieredCache:TieredCache"
OLD_SETTINGS = "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride"  # of provider versions before 6
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
    """The resources of the stack for one zone."""

    resource: Resource | None = None
    proxied: list[Resource] = field(default_factory=list[Resource])
    others: list[Resource] = field(default_factory=list[Resource])

    def of(self, type_: str) -> list[Resource]:
        """Return the zone's resources of this type."""
        return [each for each in self.others if each.type == type_]

    def setting(self, setting_id: str) -> Resource | None:
        """Return the zone setting with that id."""
        return next((each for each in self.of(ZONE_SETTING) if each.properties.get("settingId") == setting_id), None)

    def rules(self, phase: str) -> Iterator[Mapping[str, Any]]:
        """Yield the enabled rules of a phase. A rule is enabled by default."""
        for ruleset in self.of(RULESET):
            if ruleset.properties.get("phase") == phase:
                yield from (rule for _, rule in items(ruleset.properties, "rules") if rule.get("enabled") is not False)


def zone_of(resource: Resource, stack: Stack) -> Zone:
    """Return the zone of a record, a setting or a ruleset, or the zone that a resource creates."""
    zones, index = _index(stack)
    return zones.get(_key(resource, index), Zone())


def evaluated_here(resource: Resource, stack: Stack, shown_by: tuple[str, ...] = SET_ON_ZONE) -> Zone:
    """Return the zone for which `resource` is the subject.

    Raises NotApplicable where another resource is the subject or no record is proxied. Raises Indeterminate where the
    stack neither creates the zone nor has a resource of the types `shown_by` for it.
    """
    if resource.type in RECORDS and not resource.properties.get("proxied"):
        raise NotApplicable("the record is not proxied by Cloudflare")
    zone = zone_of(resource, stack)
    if not zone.proxied:
        raise NotApplicable("no record of the zone is proxied by Cloudflare")
    subject = zone.resource or min(zone.proxied, key=lambda record: record.name)
    if subject.urn != resource.urn:
        raise NotApplicable(f"the zone is evaluated once, with {subject.name}")
    if zone.resource is None and not any(other.type in shown_by for other in zone.others):
        raise Indeterminate("the settings of the zone are not in this stack")
    return zone


def value_of(setting: Resource, setting_id: str) -> Any:
    """Return the value of a zone setting. Raises NotApplicable for another setting."""
    if setting.properties.get("settingId") != setting_id:
        raise NotApplicable(f"it is not the setting {setting_id}")
    return setting.properties.get("value")


def not_set(resource: Resource, stack: Stack, setting_id: str, *, means: str, wanted: str) -> Iterator[Finding]:
    """Yield a finding where the stack does not set a zone setting, whose default is then `means`."""
    zone = evaluated_here(resource, stack, (ZONE_SETTING, OLD_SETTINGS))
    if zone.of(OLD_SETTINGS):
        raise Indeterminate("the zone's settings are of a type that version 6 of the provider removed")
    if zone.setting(setting_id) is not None:
        raise NotApplicable(f"the setting {setting_id} is evaluated separately")
    yield Finding(f"zone setting {setting_id}", f"not set, which means {means}", wanted)


@lru_cache(maxsize=1)  # called for each record and each rule of a stack
def _index(stack: Stack) -> tuple[Mapping[str, Zone], Mapping[str, str]]:
    """Return the zones by key, and the URNs of the zones that the stack creates, by URN and by id."""
    created: dict[str, str] = {}
    zones: dict[str, Zone] = {}
    for zone in stack.of((ZONE,)):
        created[zone.urn] = zone.urn
        if (zone_id := known(zone.outputs, "id")) is not None:
            created[zone_id] = zone.urn
        zones[zone.urn] = Zone(zone)
    for record in stack.of(RECORDS):
        if known(record.properties, "proxied"):
            zones.setdefault(_key(record, created), Zone()).proxied.append(record)
    for other in stack.of(SET_ON_ZONE):
        zones.setdefault(_key(other, created), Zone()).others.append(other)
    return zones, created


def _key(resource: Resource, created: Mapping[str, str]) -> str:
    """Return what identifies a zone: the URN of one in the stack, otherwise its id, otherwise the source of the id."""
    if resource.type == ZONE:
        return resource.urn
    sources = resource.references.get("zoneId", frozenset())
    for source in sources:
        if source in created:
            return created[source]
    zone_id = known(resource.properties, "zoneId")
    if zone_id is not None:
        return created.get(zone_id, zone_id)
    return " ".join(sorted(sources)) or f"none of {resource.urn}"


def parameters_of(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the action parameters of a ruleset's rule."""
    return rule.get("actionParameters") or NOTHING
