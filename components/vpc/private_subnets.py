"""Subnets with outbound internet access only: route tables, NAT, endpoints and the egress-only internet gateway."""

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
    """Arguments of PrivateSubnets. Each can change later and replaces no subnet.

    Raises ValueError for an instance type without an ARM processor or with too little memory, and for endpoint services
    that cannot work.
    """

    nat: NatKind
    """How the subnets reach the IPv4 internet."""
    nat_zone: str | None = None
    """Zone of the NAT instance or the single gateway. None means the first zone by name. Set it before you add a zone
    that sorts first: otherwise the gateway, and with it the address on allow lists, moves to that zone."""
    nat_instance_type: str = "t4g.micro"
    """Instance type for NatKind.INSTANCE, with an ARM processor and 1 GiB of memory or more."""
    alarm_topic_arn: Input[str] | None = None
    """SNS topic that is notified when the NAT instance is recovered or rebooted. AWS manages gateways, which have no
    such alarm."""
    endpoint_services: Sequence[EndpointService] = ()
    """AWS services that the subnets reach by an interface endpoint, without NAT."""

    def __post_init__(self) -> None:
        check_nat_instance_type("nat_instance_type", self.nat_instance_type)
        check_endpoint_services("endpoint_services", self.endpoint_services)


class PrivateSubnets:
    """A network's private subnets. Not a component: the network is the parent."""

    ids: dict[str, Output[str]]
    """Availability zone -> subnet id. It resolves after its routes and endpoints exist."""
    tables: dict[str, aws.ec2.RouteTable]
    """Availability zone -> route table. Each zone has one with any kind of NAT, so that a change changes routes
    only."""
    nat_public_ips: list[Output[str]]
    endpoint_security_group_id: Output[str] | None

    def __init__(self, network: NetworkContext, args: PrivateSubnetsArgs, public: Subnets) -> None:
        """`public` are the subnets of NAT; they must be associated with their route table already."""
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
        internet_routes = [nat.routes, self._ipv6_routes() if network.ipv6 else {}]
        endpoints = self._endpoints(args.endpoint_services, subnets)
        self.ids = subnets.associate(self.tables, _by_zone(network.availability_zones, internet_routes, endpoints))
        self.nat_public_ips = nat.public_ips

    def _table(self, zone: str) -> aws.ec2.RouteTable:
        name = f"{self._network.name}-private-{zone}"
        # No inline routes: they would remove the routes that other resources add (VPC peering, NAT).
        return aws.ec2.RouteTable(
            name, vpc_id=self._network.vpc.id, tags=self._network.tagged(name), opts=self._network.child
        )

    def _ipv6_routes(self) -> dict[str, aws.ec2.Route]:
        """Create the IPv6 routes. IPv6 has no NAT: addresses are public, and the gateway blocks inbound connections."""
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
        interfaces = InterfaceEndpoints(self._network, services=services, subnets=subnets.by_zone.values())
        self.endpoint_security_group_id = interfaces.security_group_id
        return interfaces.endpoints


def _by_zone(
    availability_zones: Sequence[str],
    internet_routes: Sequence[Mapping[str, aws.ec2.Route]],
    endpoints: Sequence[Resource],
) -> dict[str, list[Resource]]:
    return {
        zone: [*(routes[zone] for routes in internet_routes if zone in routes), *endpoints]
        for zone in availability_zones
    }
