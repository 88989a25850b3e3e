"""CACHE-005: a cache installs minor versions of its engine automatically."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown
from .encrypted import CLUSTER, REPLICATION_GROUP
from .stores import MEMORYDB, require_standalone_redis


def check(cache: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_standalone_redis(cache)
    value = cache.properties.get("autoMinorVersionUpgrade")
    # The provider's default is true, and the value is a string in Cluster.
    if value is not None and str(value).lower() != "true":
        yield Finding("autoMinorVersionUpgrade", shown(value), "true")


RULE = ResourceRule(
    id="CACHE-005",
    name="cache-minor-upgrades",
    title="A cache installs minor versions of its engine automatically, in its maintenance window.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=(REPLICATION_GROUP, CLUSTER, MEMORYDB),
    check=check,
    remediation="Set auto_minor_version_upgrade, or leave it out.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    auto_minor_version_upgrade=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/elasticache-auto-minor-version-upgrade-check.html",
    read=date(2026, 11, 24),
)
