"""Atlas's network of a region without a peering, for a database whose clients connect over the internet.

Atlas creates a network with its own CIDR for the first cluster, and locks it. This component creates it first,
with the CIDR that a later peering needs. AtlasPeering then adopts the network by an alias of its URN.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_mongodbatlas as mongodbatlas
from pulumi import Alias, ComponentResource, Input, Output, ResourceOptions

from components.atlas.region_names import atlas_region

NETWORK_CONTAINER = "tierup:atlas:AtlasNetworkContainer"
_PEERING = "tierup:atlas:AtlasPeering"


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasNetworkContainerArgs:
    """Arguments of AtlasNetworkContainer."""

    project_id: Input[str]
    """Id of the Atlas project."""
    region: str
    """AWS region of the network."""
    atlas_cidr: str = "192.168.248.0/21"
    """CIDR of Atlas's network, a /21 to /24 of a private range. Atlas locks it once a cluster exists."""

    def __post_init__(self) -> None:
        atlas_region(self.region)


class AtlasNetworkContainer(ComponentResource):
    """Atlas's network for the clusters of a project in one region."""

    project_id: Output[str]
    """Id of the project, available once the network exists. A cluster depends on it."""

    def __init__(self, name: str, args: AtlasNetworkContainerArgs, opts: ResourceOptions | None = None) -> None:
        aliased = ResourceOptions.merge(opts, ResourceOptions(aliases=[Alias(type_=_PEERING)]))
        super().__init__("tierup:atlas:AtlasNetworkContainer", name, None, aliased)
        container = mongodbatlas.NetworkContainer(
            f"{name}-container",
            project_id=args.project_id,
            provider_name="AWS",
            region_name=atlas_region(args.region),
            atlas_cidr_block=args.atlas_cidr,
            opts=ResourceOptions(parent=self),
        )
        self.project_id = container.project_id
        self.register_outputs({"project_id": self.project_id})
