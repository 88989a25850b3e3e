"""One subnet of a kind in each zone, each on its place of the address plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi_aws as aws
from pulumi import Output, Resource

from components.vpc.cidr_plan import SubnetKind, subnet_cidr, subnet_ipv6_cidr
from components.vpc.network_context import NetworkContext


class Subnets:
    """A network's subnets of a kind. No component: they belong to the network.

    A subnet hands nobody an address of the internet by itself, be it IPv4 or IPv6: whoever needs one asks for it.
    """

    by_zone: dict[str, aws.ec2.Subnet]
    associations: dict[str, aws.ec2.RouteTableAssociation]
    """Zone -> what put the subnet into its route table. Empty until `join` is called."""

    def __init__(self, network: NetworkContext, kind: SubnetKind) -> None:
        self._network = network
        self._kind = kind
        self.by_zone = {zone: self._subnet(zone) for zone in network.availability_zones}
        self.associations = {}

    def _name(self, zone: str) -> str:
        return f"{self._network.name}-{self._kind}-{zone}"

    def _subnet(self, zone: str) -> aws.ec2.Subnet:
        network = self._network
        return aws.ec2.Subnet(
            self._name(zone),
            vpc_id=network.vpc.id,
            availability_zone=zone,
            cidr_block=subnet_cidr(network.vpc_cidr, self._kind, zone),
            # Never with assign_ipv6_address_on_creation: a later change of the block would replace the subnet
            # (ForceNewIf in terraform-provider-aws, internal/service/ec2/vpc_subnet.go; from memory, to be checked).
            ipv6_cidr_block=self._ipv6_cidr(zone) if network.ipv6 else None,
            map_public_ip_on_launch=False,
            tags=network.tagged(self._name(zone)),
            opts=network.child,
        )

    def _ipv6_cidr(self, zone: str) -> Output[str]:
        kind = self._kind
        return self._network.vpc.ipv6_cidr_block.apply(lambda block: subnet_ipv6_cidr(block, kind, zone))

    def join(
        self, tables: Mapping[str, aws.ec2.RouteTable], way_out: Mapping[str, Sequence[Resource]]
    ) -> dict[str, Output[str]]:
        """Puts each zone's subnet into that zone's table. Returns zone -> subnet id, known once that zone's `way_out`
        stands: what is placed in a subnet before fails."""
        ids: dict[str, Output[str]] = {}
        for zone, subnet in self.by_zone.items():
            association = aws.ec2.RouteTableAssociation(
                self._name(zone),
                subnet_id=subnet.id,
                route_table_id=tables[zone].id,
                opts=self._network.after(*way_out.get(zone, [])),
            )
            self.associations[zone] = association
            ids[zone] = Output.all(subnet.id, association.id).apply(lambda both: str(both[0]))
        return ids
