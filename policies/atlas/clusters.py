"""MongoDB Atlas clusters, in the four resource types of the provider, and the resources of their Atlas project.

`AdvancedCluster` is the current resource; `Cluster` is its predecessor, with other names for the same properties;
`FlexCluster` and `ServerlessInstance` share hardware with other customers, as does an AdvancedCluster of provider
TENANT or FLEX.
Shapes: docstrings of pulumi_mongodbatlas 4.18 (read 2026-11-24).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..inputs import number
from ..rule import NotApplicable, Resource, Stack, block, declared, items
from ..values import UnknownValue

PROJECT = "mongodbatlas:index/project:Project"
ADVANCED_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
CLUSTER = "mongodbatlas:index/cluster:Cluster"
FLEX_CLUSTER = "mongodbatlas:index/flexCluster:FlexCluster"
SERVERLESS = "mongodbatlas:index/serverlessInstance:ServerlessInstance"
CLUSTERS = (ADVANCED_CLUSTER, CLUSTER)
"""The resource types of dedicated clusters."""

SHARED_PROVIDERS = ("TENANT", "FLEX", "SERVERLESS")
_DEFAULT_NODES = 3  # of a Cluster without replicationFactor


def shards(cluster: Resource) -> Iterator[tuple[str, list[tuple[str, Mapping[str, Any]]]]]:
    """Yield each shard (a replica set has one) and its regions in the order of election, each with its path.

    A `Cluster` without replicationSpecs has one region, which its own properties describe.
    """
    key = "regionConfigs" if cluster.type == ADVANCED_CLUSTER else "regionsConfigs"
    if cluster.type == CLUSTER and not declared(cluster.properties, "replicationSpecs"):
        yield "", [("", cluster.properties)]
        return
    for path, shard in items(cluster.properties, "replicationSpecs"):
        yield path, [(f"{path}.{at}", region) for at, region in items(shard, key)]


def regions(cluster: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every region of every shard with its path."""
    for _, each in shards(cluster):
        yield from each


def region_name(region: Mapping[str, Any]) -> Any:
    """Return the region's name in Atlas's form, such as EU_WEST_1; None where the provider chooses."""
    return region.get("regionName") or region.get("providerRegionName")


def electable_nodes(region: Mapping[str, Any]) -> tuple[str, float]:
    """Return the path below the region, and how many nodes of the region vote and can become the primary."""
    if "providerInstanceSizeName" in region:
        return "replicationFactor", number(region, "replicationFactor") or _DEFAULT_NODES
    if "electableNodes" in region:
        return "electableNodes", number(region, "electableNodes") or 0
    return "electableSpecs.nodeCount", number(block(region, "electableSpecs"), "nodeCount") or 0


def shared_hardware(cluster: Resource) -> tuple[str, str] | None:
    """Return the path and value that show that a cluster shares its hardware; None for a dedicated one."""
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
    """Raise NotApplicable for a shared cluster: ATL-002 reports it, and Atlas does not offer these settings for it."""
    if shared_hardware(cluster) is not None:
        raise NotApplicable("a cluster on shared hardware does not support this setting")


def of_project(cluster: Resource, stack: Stack, types: tuple[str, ...]) -> Iterator[Resource]:
    """Yield the resources of `types` that belong to the cluster's Atlas project."""
    try:
        _ = cluster.properties.get("projectId")
    except UnknownValue:
        # Before the first `up` the project's id is unknown, and it may flow through others (such as a peering).
        # A stack with one project leaves no doubt which project it is.
        if len(list(stack.of((PROJECT,)))) == 1:
            yield from stack.of(types)
            return
    seen: set[str] = set()
    for source in cluster.references.get("projectId") or ("",):
        project = Resource(PROJECT, "", source, cluster.properties, cluster.properties)
        for each in stack.referring(types, "projectId", project, "projectId"):
            if each.urn not in seen:
                seen.add(each.urn)
                yield each


def project_in_other_stack(cluster: Resource) -> bool:
    """Return whether the project's id is a plain value, so that its resources belong to another stack."""
    return not cluster.references.get("projectId")
