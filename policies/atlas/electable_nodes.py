"""ATL-004: an Atlas replica set keeps a majority when it loses a node."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameter, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from .clusters import CLUSTERS, electable_nodes, require_dedicated, shards

MINIMUM = Parameter(
    name="minimumNodes",
    schema={"type": "integer", "enum": [3, 5, 7]},
    default=3,
    what="Minimum number of voting nodes of a replica set in all regions together.",
)


def check(cluster: Resource, parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    minimum = parameters[MINIMUM.name]
    for _, regions in shards(cluster):
        counted = [(path, *electable_nodes(region)) for path, region in regions]
        nodes = sum(count for _, _, count in counted)
        if nodes < minimum or nodes % 2 == 0:
            path = ".".join(part for part in counted[0][:2] if part) if counted else "replicationSpecs"
            where = f"{shown(nodes)} in {len(counted)} regions" if len(counted) > 1 else shown(nodes)
            yield Finding(path, where, f"an odd number, {minimum} or more")


RULE = ResourceRule(
    id="ATL-004",
    name="atlas-replica-set",
    title="Each replica set of an Atlas cluster has an odd number of electable nodes, at least three.",
    item=ChecklistItem.REPLICA_SET,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.HIGH,
    applies_to=CLUSTERS,
    check=check,
    remediation="Set the node_count of electable_specs so that all regions of a shard together have 3, 5 or 7 nodes.",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    replication_specs=[
        {
            "region_configs": [
                {
                    "provider_name": "AWS",
                    "region_name": "EU_WEST_1",
                    "priority": 7,
                    "electable_specs": {"instance_size": "M10", "node_count": 3},
                }
            ]
        }
    ],
    # ...
)""",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/cluster/",
    read=date(2026, 11, 24),
    parameters=(MINIMUM,),
)
