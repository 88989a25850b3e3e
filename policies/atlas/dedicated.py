"""ATL-002: an Atlas cluster runs on dedicated hardware."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameter, Parameters, Resource, ResourceRule, Severity, block, shown
from .clusters import CLUSTER, CLUSTERS, FLEX_CLUSTER, SERVERLESS, regions, shared_hardware

SMALLEST = Parameter(
    name="minimumInstanceSize",
    schema={"type": "string", "pattern": "^[MR][0-9]+$"},
    default="M10",
    what="The smallest Atlas instance size that a node may have.",
)
_SIZE = re.compile(r"[MR](\d+)")


def check(cluster: Resource, parameters: Parameters) -> Iterator[Finding]:
    smallest = parameters[SMALLEST.name]
    wanted = f"a dedicated cluster of {smallest} nodes or larger"
    if (shared := shared_hardware(cluster)) is not None:
        path, found = shared
        yield Finding(path, f"{found} (shared hardware)", wanted)
        return
    for path, size in _sizes(cluster):
        if _number(size) < _number(smallest):
            yield Finding(path, shown(size), wanted)


def _sizes(cluster: Resource) -> Iterator[tuple[str, str]]:
    if cluster.type == CLUSTER:
        yield "providerInstanceSizeName", cluster.properties.get("providerInstanceSizeName") or ""
        return
    for path, region in regions(cluster):
        if size := block(region, "electableSpecs").get("instanceSize"):
            yield f"{path}.electableSpecs.instanceSize", size


def _number(size: str) -> int:
    match = _SIZE.match(size)
    return int(match[1]) if match else 0


RULE = ResourceRule(
    id="ATL-002",
    name="atlas-dedicated-cluster",
    title="An Atlas cluster is a dedicated cluster of size M10 or larger.",
    item=ChecklistItem.REPLICA_SET,
    severity=Severity.HIGH,
    applies_to=(*CLUSTERS, FLEX_CLUSTER, SERVERLESS),
    check=check,
    remediation=(
        "Create an AdvancedCluster with electable nodes of instance_size M10 or larger, and migrate the data to it."
    ),
    example="""mongodbatlas.AdvancedCluster(
    "database",
    project_id=project.id,
    cluster_type="REPLICASET",
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
)""",
    source="https://www.mongodb.com/docs/atlas/create-database-deployment/",
    read=date(2026, 11, 24),
    parameters=(SMALLEST,),
)
