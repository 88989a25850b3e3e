"""The private way between the VPC and Atlas: VPC peering, for the VPC's addresses only.

Makes: Atlas's network container, the peering and its acceptance on the AWS side, a route in each given route table,
and the project's access list, which holds the VPC's CIDR and nothing else. Not here: the VPC, its route tables.

The container must stand before the first cluster: Atlas otherwise makes one of its own, with a CIDR nobody checked
against the VPC, and locks it. So the cluster takes its project id from `AtlasPeering.project_id`.

Names in a connection string resolve to private addresses inside the peered VPC, if its DNS hostnames and DNS
resolution are on (https://www.mongodb.com/docs/atlas/security-vpc-peering/, from memory, to be checked).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.region_names import atlas_region

CONTAINER_PREFIXES = range(21, 25)
"""Source: mongodbatlas.NetworkContainer, atlas_cidr_block: at least a /24 and at most a /21 of a private range."""

PRIVATE_RANGES = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasPeeringArgs:
    """Both ends of the peering."""

    project_id: Input[str]
    """The Atlas project on the other side."""
    account_id: Input[str]
    """The AWS account that owns the VPC."""
    region: str
    """The VPC's region in AWS form."""
    vpc_id: Input[str]
    """The VPC on this side."""
    vpc_cidr: str
    """All of the VPC's IPv4 addresses: what the access list lets in."""
    route_table_ids: Mapping[str, Input[str]]
    """Tables whose subnets reach the database, by a short name that stays (a zone, a kind of subnet)."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    atlas_cidr: str = "192.168.248.0/21"
    """Atlas's side. It is locked once a cluster stands."""
    cluster_region: str | None = None
    """Where Atlas's side lies, AWS form; None is the VPC's region. A cluster of several regions has a network in each:
    one peering, with a CIDR of its own, for each of them."""
    access_list: bool = True
    """False for all peerings of a project but one: the list is the project's."""

    def __post_init__(self) -> None:
        atlas_region(self.region)
        atlas_region(self.cluster_region or self.region)
        atlas, vpc = _network("atlas_cidr", self.atlas_cidr), _network("vpc_cidr", self.vpc_cidr)
        if atlas.prefixlen not in CONTAINER_PREFIXES or not any(atlas.subnet_of(known) for known in PRIVATE_RANGES):
            raise ValueError(
                f"atlas_cidr is {atlas}; Atlas allows a /{CONTAINER_PREFIXES.start} to /{CONTAINER_PREFIXES.stop - 1} "
                f"within {', '.join(map(str, PRIVATE_RANGES))}"
            )
        if atlas.overlaps(vpc):
            raise ValueError(
                f"atlas_cidr {atlas} and vpc_cidr {vpc} overlap; peered networks need addresses of their own, "
                "choose another atlas_cidr"
            )
        if not self.route_table_ids:
            raise ValueError("route_table_ids is empty; without a route nobody in the VPC finds the database")


class AtlasPeering(ComponentResource):
    """A peering that carries traffic once `connection_id` is known."""

    project_id: Output[str]
    """The project's id, known once the network container stands: what a cluster has to wait for."""
    connection_id: Output[str]
    """The AWS peering connection, accepted."""
    cidr: str
    """Atlas's side, for security group rules to the database."""

    def __init__(self, name: str, args: AtlasPeeringArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasPeering", name, None, opts)
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
                opts=child,
            )

        self.project_id = container.project_id
        self.connection_id = accepted.vpc_peering_connection_id
        self.cidr = args.atlas_cidr
        self.register_outputs({"project_id": self.project_id, "connection_id": self.connection_id, "cidr": self.cidr})


def _network(argument: str, cidr: str) -> IPv4Network:
    try:
        return IPv4Network(cidr)
    except ValueError as fault:
        raise ValueError(f"{argument} is {cidr!r}; give an IPv4 network such as 192.168.248.0/21 ({fault})") from fault
