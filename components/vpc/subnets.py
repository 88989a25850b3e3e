"""One subnet of a kind in each availability zone, with the CIDR block of the address plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi_aws as aws
from pulumi import Output, Resource

from components.vpc.cidr_plan import SubnetKind, subnet_cidr, subnet_ipv6_cidr
from components.vpc.network_context import NetworkContext


class Subnets:
    """A network's subnets of one kind. Not a component: the network is the parent.

    A subnet assigns no public IPv4 and no IPv6 address automatically: a resource must request one.
    """

    by_zone: dict[str, aws.ec2.Subnet]
    associations: dict[str, aws.ec2.RouteTableAssociation]
    """Availability zone -> association of the subnet with its route table. Empty until `associate` is called."""

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
            # (ForceNewIf in terraform-provider-aws, internal/service/ec2/vpc_subnet.go; read 2026-11-28).
            ipv6_cidr_block=self._ipv6_cidr(zone) if network.ipv6 else None,
            map_public_ip_on_launch=False,
            tags=network.tagged(self._name(zone)),
            opts=network.child,
        )

    def _ipv6_cidr(self, zone: str) -> Output[str]:
        kind = self._kind
        return self._network.vpc.ipv6_cidr_block.apply(lambda block: subnet_ipv6_cidr(block, kind, zone))

    def associate(
        self, tables: Mapping[str, aws.ec2.RouteTable], dependencies: Mapping[str, Sequence[Resource]]
    ) -> dict[str, Output[str]]:
        """Associate each zone's subnet with that zone's route table and return zone -> subnet id.

        An id resolves after that zone's `dependencies` exist: a resource that is placed in the subnet earlier fails.
        """
        ids: dict[str, Output[str]] = {}
        for zone, subnet in self.by_zone.items():
            association = aws.ec2.RouteTableAssociation(
                self._name(zone),
                subnet_id=subnet.id,
                route_table_id=tables[zone].id,
                opts=self._network.after(*dependencies.get(zone, [])),
            )
            self.associations[zone] = association
            ids[zone] = Output.all(subnet.id, association.id).apply(lambda both: str(both[0]))
        return ids
