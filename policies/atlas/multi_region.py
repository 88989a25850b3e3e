"""ATL-020: an Atlas cluster has nodes in a second region, in case it loses the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from .clusters import CLUSTERS, region_name, require_dedicated, shards


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    for path, regions in shards(cluster):
        names = {region_name(region) for _, region in regions}
        if len(names) < 2:
            found = shown(names.pop()) if names else "none"
            yield Finding(path or "providerRegionName", f"only {found}", "nodes in another region, too")


RULE = ResourceRule(
    id="ATL-020",
    name="atlas-multi-region",
    title="An Atlas cluster has nodes in more than one region.",
    item=ChecklistItem.REPLICA_SET,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.LOW,
    # Advisory: nodes in another region cost as much as the others, plus the traffic between regions.
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add a region to region_configs, electable or read-only, with the next lower priority.",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    replication_specs=[
        {
            "region_configs": [
                {
                    "provider_name": "AWS",
                    "region_name": "EU_WEST_1",
                    "priority": 7,
                    "electable_specs": {"instance_size": "M10", "node_count": 2},
                },
                {
                    "provider_name": "AWS",
                    "region_name": "EU_CENTRAL_1",
                    "priority": 6,
                    "electable_specs": {"instance_size": "M10", "node_count": 1},
                },
            ]
        }
    ],
    # ...
)""",
    source="https://www.mongodb.com/docs/atlas/cluster-config/multi-cloud-distribution/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether a majority survives the loss of any region; that requires three regions.",
)
