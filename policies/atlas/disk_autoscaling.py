"""ATL-014: the disk of an Atlas cluster grows automatically before it is full.

The rule also evaluates clusters of several shards, where the provider does not yet ignore the size to which Atlas
scaled a
disk ("Multi-shard clusters and topology changes" in the resource's page).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, block, shown
from .clusters import CLUSTER, CLUSTERS, regions, require_dedicated


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    if cluster.type == CLUSTER:
        if (grows := cluster.properties.get("autoScalingDiskGbEnabled")) is not True:
            yield Finding("autoScalingDiskGbEnabled", shown(grows), "true")
        return
    for path, region in regions(cluster):
        if (grows := block(region, "autoScaling").get("diskGbEnabled")) is not True:
            yield Finding(f"{path}.autoScaling.diskGbEnabled", shown(grows), "true")
            return  # all regions of a cluster must have the same setting


RULE = ResourceRule(
    id="ATL-014",
    name="atlas-disk-autoscaling",
    title="An Atlas cluster has disk autoscaling enabled.",
    item=ChecklistItem.DISK,
    severity=Severity.MEDIUM,
    # Advisory: with autoscaling, Atlas sets the disk size and so the cost, which a fixed budget may not allow.
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation=(
        "Set disk_gb_enabled in auto_scaling and use_effective_fields, or the next update shrinks the disk (with "
        "several shards that field has no effect: set no disk size, and refresh before each update)."
    ),
    example="""mongodbatlas.AdvancedCluster(
    "database",
    use_effective_fields=True,
    replication_specs=[
        {
            "region_configs": [
                {
                    "provider_name": "AWS",
                    "region_name": "EU_WEST_1",
                    "priority": 7,
                    "electable_specs": {"instance_size": "M10", "node_count": 3},
                    "auto_scaling": {"disk_gb_enabled": True},
                }
            ]
        }
    ],
    # ...
)""",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/",
    read=date(2026, 11, 24),
)
