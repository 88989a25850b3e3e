"""Subnets that reach outside and are not reached from there, with their route tables, NAT, endpoints and IPv6 exit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Output, Resource

from components.vpc.cidr_plan import SubnetKind
from components.vpc.endpoints import EndpointService, InterfaceEndpoints, check_endpoint_services
from components.vpc.nat import Nat, NatKind
from components.vpc.nat_instance import check_nat_instance_type
from components.vpc.network_context import NetworkContext
from components.vpc.subnets import Subnets


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateSubnetsArgs:
    """What a network's private subnets need. All of it can be changed later and replaces nothing that stays."""

    nat: NatKind
    """How they reach IPv4 addresses outside."""
    nat_zone: str | None = None
    """Zone of the NAT instance or the one gateway. None: the first zone by name. Name it where a zone that is added
    would come first: the gateway, and with it the address on others' allow lists, would move there."""
    nat_instance_type: str = "t4g.nano"
    """Of NatKind.INSTANCE; an ARM type."""
    alarm_topic_arn: Input[str] | None = None
    """Hears when the NAT instance is moved or rebooted. Gateways have no such alarm: AWS keeps them."""
    endpoint_services: Sequence[EndpointService] = ()
    """Services of AWS that are reached without NAT."""

    def __post_init__(self) -> None:
        check_nat_instance_type("nat_instance_type", self.nat_instance_type)
        check_endpoint_services("endpoint_services", self.endpoint_services)


class PrivateSubnets:
    """A network's private subnets. No component: they belong to the network."""

    ids: dict[str, Output[str]]
    """Zone -> subnet id, known once NAT and endpoints stand."""
    tables: dict[str, aws.ec2.RouteTable]
    """One for each zone, whatever the NAT: a zone that gets its own gateway later turns a route, not a table."""
    nat_public_ips: list[Output[str]]
    endpoint_security_group_id: Output[str] | None

    def __init__(self, network: NetworkContext, args: PrivateSubnetsArgs, public: Subnets) -> None:
        """`public` are joined to their route table already: NAT stands there."""
        self._network = network
        subnets = Subnets(network, SubnetKind.PRIVATE)
        self.tables = {zone: self._table(zone) for zone in network.availability_zones}
        nat = Nat(
            network,
            kind=args.nat,
            zone=args.nat_zone or min(network.availability_zones),
            instance_type=args.nat_instance_type,
            alarm_topic_arn=args.alarm_topic_arn,
            public=public,
            private_tables=self.tables,
        )
        exits = [nat.routes, self._ipv6_routes() if network.ipv6 else {}]
        endpoints = self._endpoints(args.endpoint_services, subnets)
        self.ids = subnets.join(self.tables, _by_zone(network.availability_zones, exits, endpoints))
        self.nat_public_ips = nat.public_ips

    def _table(self, zone: str) -> aws.ec2.RouteTable:
        name = f"{self._network.name}-private-{zone}"
        # No routes inline: others add theirs (peering, NAT), and inline routes would remove them again.
        return aws.ec2.RouteTable(
            name, vpc_id=self._network.vpc.id, tags=self._network.tagged(name), opts=self._network.child
        )

    def _ipv6_routes(self) -> dict[str, aws.ec2.Route]:
        """IPv6 knows no NAT: every address is public, and the egress-only gateway lets nobody in."""
        network, name = self._network, f"{self._network.name}-egress-only"
        gateway = aws.ec2.EgressOnlyInternetGateway(
            name, vpc_id=network.vpc.id, tags=network.tagged(name), opts=network.child
        )
        return {
            zone: aws.ec2.Route(
                f"{network.name}-private-{zone}-internet-ipv6",
                route_table_id=table.id,
                destination_ipv6_cidr_block="::/0",
                egress_only_gateway_id=gateway.id,
                opts=network.child,
            )
            for zone, table in self.tables.items()
        }

    def _endpoints(self, services: Sequence[EndpointService], subnets: Subnets) -> Sequence[Resource]:
        self.endpoint_security_group_id = None
        if not services:
            return []
        made = InterfaceEndpoints(self._network, services=services, subnets=subnets.by_zone.values())
        self.endpoint_security_group_id = made.security_group_id
        return made.endpoints


def _by_zone(
    availability_zones: Sequence[str], exits: Sequence[Mapping[str, aws.ec2.Route]], endpoints: Sequence[Resource]
) -> dict[str, list[Resource]]:
    return {zone: [*(routes[zone] for routes in exits if zone in routes), *endpoints] for zone in availability_zones}
