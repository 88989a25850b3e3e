"""MongoDB Atlas clusters, as the provider's four resources describe them, and what else their Atlas project has.

`AdvancedCluster` is today's resource; `Cluster` its predecessor, with other names for the same things; `FlexCluster`
and `ServerlessInstance` share hardware with other customers, as an AdvancedCluster of provider TENANT or FLEX does.
Shapes: docstrings of pulumi_mongodbatlas 4.18 (read 2026-11-24).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import NotApplicable, Resource, Stack, block, declared, items
from ..values import UnknownValue

PROJECT = "mongodbatlas:index/project:Project"
ADVANCED_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
CLUSTER = "mongodbatlas:index/cluster:Cluster"
FLEX_CLUSTER = "mongodbatlas:index/flexCluster:FlexCluster"
SERVERLESS = "mongodbatlas:index/serverlessInstance:ServerlessInstance"
CLUSTERS = (ADVANCED_CLUSTER, CLUSTER)
"""The resources that can describe a dedicated cluster."""

SHARED_PROVIDERS = ("TENANT", "FLEX", "SERVERLESS")
_USUAL_NODES = 3  # of a Cluster that gives no replicationFactor


def shards(cluster: Resource) -> Iterator[tuple[str, list[tuple[str, Mapping[str, Any]]]]]:
    """Each shard (a replica set has one) with its path, and its regions with theirs, in the order of election.

    A `Cluster` without replicationSpecs is one region, which it describes itself.
    """
    key = "regionConfigs" if cluster.type == ADVANCED_CLUSTER else "regionsConfigs"
    if cluster.type == CLUSTER and not declared(cluster.properties, "replicationSpecs"):
        yield "", [("", cluster.properties)]
        return
    for path, shard in items(cluster.properties, "replicationSpecs"):
        yield path, [(f"{path}.{at}", region) for at, region in items(shard, key)]


def regions(cluster: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every region of every shard with its path."""
    for _, each in shards(cluster):
        yield from each


def region_name(region: Mapping[str, Any]) -> Any:
    """EU_WEST_1; None where the provider chooses."""
    return region.get("regionName") or region.get("providerRegionName")


def electable_nodes(region: Mapping[str, Any]) -> tuple[str, float]:
    """How many nodes of the region vote and can become the primary, with the path below the region."""
    if "providerInstanceSizeName" in region:
        return "replicationFactor", region.get("replicationFactor") or _USUAL_NODES
    if "electableNodes" in region:
        return "electableNodes", region.get("electableNodes") or 0
    return "electableSpecs.nodeCount", block(region, "electableSpecs").get("nodeCount") or 0


def shared_hardware(cluster: Resource) -> tuple[str, str] | None:
    """The path and the words that say that a cluster shares its hardware with other customers; None if it does not."""
    if cluster.type in (FLEX_CLUSTER, SERVERLESS):
        return "type", f"a {cluster.type.rpartition(':')[2]}"
    if cluster.type == CLUSTER:
        provider = cluster.properties.get("providerName")
        return ("providerName", str(provider)) if provider in SHARED_PROVIDERS else None
    for path, region in regions(cluster):
        if (provider := region.get("providerName")) in SHARED_PROVIDERS:
            return f"{path}.providerName", str(provider)
    return None


def require_dedicated(cluster: Resource) -> None:
    """Raises NotApplicable for a cluster that ATL-002 fails anyway: what is asked next, Atlas does not offer for it."""
    if shared_hardware(cluster) is not None:
        raise NotApplicable("a cluster on shared hardware cannot have it")


def of_project(cluster: Resource, stack: Stack, types: tuple[str, ...]) -> Iterator[Resource]:
    """The resources of `types` that belong to the cluster's Atlas project."""
    try:
        _ = cluster.properties.get("projectId")
    except UnknownValue:
        # Before the first `up` the id stands nowhere, and may come through other resources (a peering, say): with one
        # project in the stack there is no doubt whose they are.
        if len(list(stack.of((PROJECT,)))) == 1:
            yield from stack.of(types)
            return
    seen: set[str] = set()
    for source in cluster.references.get("projectId") or ("",):
        here = Resource(PROJECT, "", source, cluster.properties, cluster.properties)
        for each in stack.referring(types, "projectId", here, "projectId"):
            if each.urn not in seen:
                seen.add(each.urn)
                yield each


def project_elsewhere(cluster: Resource) -> bool:
    """Whether the cluster's project is another stack's, by its plain id: what else it has cannot be seen then."""
    return not cluster.references.get("projectId")
