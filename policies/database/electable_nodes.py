"""ATL-004: an Atlas cluster survives the loss of a node."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameter, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from .clusters import CLUSTERS, electable_nodes, require_dedicated, shards

MINIMUM = Parameter(
    name="minimumNodes",
    schema={"type": "integer", "enum": [3, 5, 7]},
    default=3,
    what="The fewest nodes of a replica set that vote, all regions together.",
)


def check(cluster: Resource, parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    minimum = parameters[MINIMUM.name]
    for _, regions in shards(cluster):
        counted = [(path, *electable_nodes(region)) for path, region in regions]
        nodes = sum(count for _, _, count in counted)
        if nodes < minimum or nodes % 2 == 0:
            path = ".".join(part for part in counted[0][:2] if part) if counted else "replicationSpecs"
            where = f"{shown(nodes)} of {len(counted)} regions together" if len(counted) > 1 else shown(nodes)
            yield Finding(path, where, f"an odd number, {minimum} or more: a majority must remain to elect a primary")


RULE = ResourceRule(
    id="ATL-004",
    name="atlas-replica-set",
    title="Each replica set of an Atlas cluster has three or more electable nodes, an odd number.",
    item=ChecklistItem.REPLICA_SET,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.HIGH,
    applies_to=CLUSTERS,
    check=check,
    remediation="Let the node_count of electable_specs over all regions of a shard come to 3, 5 or 7.",
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
