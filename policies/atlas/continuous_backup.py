"""ATL-003: an Atlas cluster takes snapshots and supports point-in-time restore."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from .clusters import CLUSTER, CLUSTERS, require_dedicated


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    # Cluster.backupEnabled means Atlas's legacy backups, which new clusters cannot have.
    switch = "cloudBackup" if cluster.type == CLUSTER else "backupEnabled"
    for key, why in (
        (switch, "no snapshots"),
        ("pitEnabled", "a restore loses data written after a snapshot"),
    ):
        value = cluster.properties.get(key)
        if value is not True:
            yield Finding(key, f"{shown(value)}: {why}", "true")


RULE = ResourceRule(
    id="ATL-003",
    name="atlas-continuous-backup",
    title="An Atlas cluster has continuous backups with point-in-time restore.",
    item=ChecklistItem.BACKUPS,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.HIGH,
    applies_to=CLUSTERS,
    check=check,
    remediation="Set backup_enabled and pit_enabled (Cluster: cloud_backup and pit_enabled).",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    backup_enabled=True,
    pit_enabled=True,
    # ...
)""",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether a backup can be restored (BCK-003).",
)
