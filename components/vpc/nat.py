"""How private subnets reach IPv4 addresses on the internet: not at all, through a NAT instance, or NAT gateways.

    none      Private subnets reach the VPC, its endpoints and, with IPv6, the IPv6 internet.
    instance  One small ARM instance in one zone: the lowest price. See nat_instance.py for its limits.
    single    One NAT gateway in one zone. If that zone fails, the other zones lose their route too, and their traffic
              is billed as data transfer between zones: https://aws.amazon.com/ec2/pricing/on-demand/ (from memory, to
              be checked).
    per-zone  A NAT gateway in each zone. No zone depends on another.

Changing the kind replaces no subnet, no route table and no address of a gateway that stays: routes change to the new
target first, and the old one is deleted afterwards. Between the instance and a gateway the public address changes:
update the allow lists that name it. Keeping the address would need the old target deleted before the new one is
created, with no route in between, because a gateway cannot be created with an address that is still associated.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html (AllocationId;
read 2026-11-24).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pulumi_aws as aws
from pulumi import Input, Output

from components.vpc.nat_instance import NatInstance
from components.vpc.network_context import NetworkContext
from components.vpc.subnets import Subnets


class NatKind(StrEnum):
    """How private subnets reach the IPv4 internet."""

    NONE = "none"
    """No NAT: private subnets reach only AWS services that have an endpoint."""
    INSTANCE = "instance"
    """One NAT instance at about a tenth of a gateway's price, which is unavailable when its zone is."""
    SINGLE = "single"
    """One NAT gateway for all zones."""
    PER_ZONE = "per-zone"
    """A NAT gateway in each zone: the loss of one zone does not affect the others."""


class Nat:
    """NAT for a network's private subnets. Not a component: the network is the parent."""

    routes: dict[str, aws.ec2.Route]
    """Zone of the private subnet -> its route to the IPv4 internet. Empty without NAT."""
    public_ips: list[Output[str]]
    """Public source addresses of the NAT gateways or the NAT instance."""

    def __init__(
        self,
        network: NetworkContext,
        *,
        kind: NatKind,
        zone: str,
        instance_type: str,
        alarm_topic_arn: Input[str] | None,
        public: Subnets,
        private_tables: Mapping[str, aws.ec2.RouteTable],
    ) -> None:
        """`zone` is the zone of the NAT instance or of the single gateway."""
        self._network = network
        self._public = public
        self.routes, self.public_ips = {}, []
        match kind:
            case NatKind.NONE:
                return
            case NatKind.INSTANCE:
                instance = NatInstance(
                    network,
                    instance_type=instance_type,
                    subnet=public.by_zone[zone],
                    internet_route=public.associations[zone],
                    alarm_topic_arn=alarm_topic_arn,
                )
                self.public_ips = [instance.public_ip]
                for each, table in private_tables.items():
                    self._route(each, table, network_interface_id=instance.network_interface_id)
            case NatKind.SINGLE:
                gateway = self._gateway(zone)
                for each, table in private_tables.items():
                    self._route(each, table, nat_gateway_id=gateway.id)
            case NatKind.PER_ZONE:
                for each, table in private_tables.items():
                    self._route(each, table, nat_gateway_id=self._gateway(each).id)

    def _gateway(self, zone: str) -> aws.ec2.NatGateway:
        name = f"{self._network.name}-nat-{zone}"
        tags = self._network.tagged(name)
        address = aws.ec2.Eip(name, domain="vpc", tags=tags, opts=self._network.child)
        self.public_ips.append(address.public_ip)
        return aws.ec2.NatGateway(
            name,
            allocation_id=address.id,
            subnet_id=self._public.by_zone[zone].id,
            tags=tags,
            # EC2 fails a NAT gateway whose subnet has no route to an internet gateway yet.
            opts=self._network.after(self._public.associations[zone]),
        )

    def _route(self, zone: str, table: aws.ec2.RouteTable, **target: Input[str]) -> None:
        route = aws.ec2.RouteArgs(route_table_id=table.id, destination_cidr_block="0.0.0.0/0", **target)
        self.routes[zone] = aws.ec2.Route(f"{self._network.name}-private-{zone}-internet", route, self._network.child)
