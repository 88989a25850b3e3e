"""How private subnets reach IPv4 addresses outside: not at all, through one small instance, or through gateways.

    none      Private subnets reach the VPC, its endpoints and, with IPv6, the internet of IPv6.
    instance  One small ARM machine in one zone: the cheapest way out. See nat_instance.py for what it is not.
    one       One NAT gateway in one zone. If that zone fails the others are cut off too, and what they send is billed
              as traffic between zones: https://aws.amazon.com/ec2/pricing/on-demand/ (from memory, to be checked).
    per-zone  A gateway in each zone. No zone needs another.

Changing the choice replaces no subnet, no route table and no address of a gateway that stays: routes turn to the new
way first, the old one goes after that. Between the instance and a gateway the public address changes: tell those who
keep allow lists. To keep it, the old way would have to go before the new one is made, and all be cut off in between,
because a gateway is not made with an address that another still holds.
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
    """The way out of private subnets."""

    NONE = "none"
    """Not at all: only AWS's services, through endpoints."""
    INSTANCE = "instance"
    """Through one small machine, which is a tenth of a gateway's price and rests when its zone does."""
    SINGLE = "single"
    """Through one gateway for all zones."""
    PER_ZONE = "per-zone"
    """Through a gateway in each zone: the loss of one takes nobody else's way."""


class Nat:
    """The way out of a network's private subnets. No component: it belongs to the network."""

    routes: dict[str, aws.ec2.Route]
    """Zone of the private subnet -> its route to the internet. Empty where there is no way out."""
    public_ips: list[Output[str]]
    """What others see as the sender."""

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
        """`zone` is where the instance or the one gateway stands."""
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
                    way_out=public.associations[zone],
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
            # EC2 fails a gateway whose VPC has no internet gateway yet, and one that cannot reach it is of no use.
            opts=self._network.after(self._public.associations[zone]),
        )

    def _route(self, zone: str, table: aws.ec2.RouteTable, **target: Input[str]) -> None:
        route = aws.ec2.RouteArgs(route_table_id=table.id, destination_cidr_block="0.0.0.0/0", **target)
        self.routes[zone] = aws.ec2.Route(f"{self._network.name}-private-{zone}-internet", route, self._network.child)
