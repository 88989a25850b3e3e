"""VPC peering between the VPC and Atlas.

Creates Atlas's network container, the peering connection and its acceptance in AWS, a route in each given route table,
and the project's IP access list with the VPC's CIDR as its only entry. The VPC and its route tables are arguments.

The container must exist before the first cluster. Otherwise Atlas creates a container whose CIDR may overlap the VPC's,
and locks it. The cluster therefore takes its project id from `AtlasPeering.project_id`.

Names in a connection string resolve to private addresses inside the peered VPC if its DNS hostnames and DNS resolution
are enabled (https://www.mongodb.com/docs/atlas/manage-vpc-peering/, read 2026-11-29).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import Alias, ComponentResource, Input, Output, ResourceOptions

from components.atlas.network_container import NETWORK_CONTAINER
from components.atlas.region_names import atlas_region

CONTAINER_PREFIXES = range(21, 25)
"""Prefix lengths of Atlas's CIDR: between a /24 and a /21 of a private range.
Source: mongodbatlas.NetworkContainer, atlas_cidr_block."""

PRIVATE_RANGES = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasPeeringArgs:
    """Arguments of AtlasPeering."""

    project_id: Input[str]
    """Id of the Atlas project."""
    account_id: Input[str]
    """Id of the AWS account that owns the VPC."""
    region: str
    """AWS region of the VPC."""
    vpc_id: Input[str]
    """Id of the VPC."""
    vpc_cidr: str
    """IPv4 CIDR of the VPC, which the access list allows."""
    route_table_ids: Mapping[str, Input[str]]
    """Ids of the route tables whose subnets reach the database, by a short stable name (a zone, a kind of subnet)."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    atlas_cidr: str = "192.168.248.0/21"
    """CIDR of Atlas's network, a /21 to /24 of a private range. Atlas locks it once a cluster exists."""
    cluster_region: str | None = None
    """AWS region of Atlas's network; None is the VPC's region. A cluster of several regions has one network in each
    region, and each needs a peering with a CIDR that overlaps no other."""
    access_list: bool = True
    """Whether the VPC's CIDR is added to the project's access list. Exactly one peering of a project adds it."""

    def __post_init__(self) -> None:
        atlas_region(self.region)
        atlas_region(self.cluster_region or self.region)
        atlas, vpc = _network("atlas_cidr", self.atlas_cidr), _network("vpc_cidr", self.vpc_cidr)
        if atlas.prefixlen not in CONTAINER_PREFIXES or not any(atlas.subnet_of(known) for known in PRIVATE_RANGES):
            raise ValueError(
                f"atlas_cidr: not accepted by Atlas (got {atlas}). Use a /{CONTAINER_PREFIXES.start} to "
                f"/{CONTAINER_PREFIXES.stop - 1} within {', '.join(map(str, PRIVATE_RANGES))}."
            )
        if atlas.overlaps(vpc):
            raise ValueError(
                f"atlas_cidr: overlaps vpc_cidr {vpc} (got {atlas}). Choose a CIDR that does not overlap the VPC's."
            )
        if not self.route_table_ids:
            raise ValueError(
                "route_table_ids: must not be empty (got none). Give the route tables whose subnets reach the database."
            )


class AtlasPeering(ComponentResource):
    """A peering connection. It carries traffic once `connection_id` is available."""

    project_id: Output[str]
    """Id of the project, available once the network container exists. A cluster depends on it."""
    connection_id: Output[str]
    """Id of the accepted AWS peering connection."""
    cidr: str
    """CIDR of Atlas's network, for security group rules to the database."""

    def __init__(self, name: str, args: AtlasPeeringArgs, opts: ResourceOptions | None = None) -> None:
        # The network of a database that had no peering before stays, with its data.
        aliased = ResourceOptions.merge(opts, ResourceOptions(aliases=[Alias(type_=NETWORK_CONTAINER)]))
        super().__init__("tierup:atlas:AtlasPeering", name, None, aliased)
        child = ResourceOptions(parent=self)
        container = mongodbatlas.NetworkContainer(
            f"{name}-container",
            project_id=args.project_id,
            provider_name="AWS",
            region_name=atlas_region(args.cluster_region or args.region),
            atlas_cidr_block=args.atlas_cidr,
            opts=child,
        )
        peering = mongodbatlas.NetworkPeering(
            f"{name}-peering",
            project_id=args.project_id,
            container_id=container.container_id,
            provider_name="AWS",
            accepter_region_name=args.region,
            aws_account_id=args.account_id,
            vpc_id=args.vpc_id,
            route_table_cidr_block=args.vpc_cidr,
            opts=child,
        )
        accepted = aws.ec2.VpcPeeringConnectionAccepter(
            f"{name}-accepter",
            vpc_peering_connection_id=peering.connection_id,
            auto_accept=True,
            tags={**args.tags, "Name": name},
            opts=child,
        )
        for table, table_id in args.route_table_ids.items():
            aws.ec2.Route(
                f"{name}-route-{table}",
                route_table_id=table_id,
                destination_cidr_block=args.atlas_cidr,
                vpc_peering_connection_id=accepted.vpc_peering_connection_id,
                opts=child,
            )
        if args.access_list:
            mongodbatlas.ProjectIpAccessList(
                f"{name}-access",
                project_id=args.project_id,
                cidr_block=args.vpc_cidr,
                comment="The VPC of the application",
                # An entry is identified by its CIDR: deleting the old entry second would delete the new one.
                opts=ResourceOptions(parent=self, delete_before_replace=True),
            )

        self.project_id = container.project_id
        self.connection_id = accepted.vpc_peering_connection_id
        self.cidr = args.atlas_cidr
        self.register_outputs({"project_id": self.project_id, "connection_id": self.connection_id, "cidr": self.cidr})


def _network(argument: str, cidr: str) -> IPv4Network:
    try:
        return IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(
            f"{argument}: not an IPv4 network, {error} (got {cidr!r}). Give a CIDR such as 192.168.248.0/21."
        ) from error
