"""A network that somebody else made, taken over as it is: nothing is created or changed in it, only looked up.

Offers what network.py offers, so a stack can be wired to either. What is looked up and checked, before anything is
built on it: that VPC, subnets and route tables are there and belong together, that each subnet is in the zone and uses
the table it is given for, that the public ones lead to an internet gateway, and that the VPC answers DNS. Not checked,
and up to the owner: NAT or endpoints behind private subnets, flow logs, a closed default security group, network ACLs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

_VPC_ID = re.compile(r"vpc-[0-9a-f]{8,17}")
_SUBNET_ID = re.compile(r"subnet-[0-9a-f]{8,17}")
_TABLE_ID = re.compile(r"rtb-[0-9a-f]{8,17}")
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingNetworkArgs:
    """Ids of what is there. Plain ones, because they are checked before anything is made."""

    vpc_id: str
    """vpc-..."""
    public_subnet_ids: Mapping[str, str]
    """Zone (`eu-west-1a`) -> subnet id, two or more: for the load balancer."""
    data_subnet_ids: Mapping[str, str]
    """Zone -> subnet id, two or more: for what holds data. May be the private ones again."""
    public_route_table_id: str
    """Of the public subnets, all of them."""
    data_route_table_id: str
    """Of the data subnets, all of them."""
    private_subnet_ids: Mapping[str, str]
    """Zone -> subnet id: for tasks. Empty: they run in the public ones."""
    private_route_table_ids: Mapping[str, str]
    """Zone -> id of the table that the private subnet of this zone uses. Zones may share one."""
    nat_public_ips: Sequence[str] = ()
    """Senders of what private subnets send over IPv4; only told on."""
    endpoint_security_group_id: str | None = None
    """Of the owner's interface endpoints; only told on."""

    def __post_init__(self) -> None:
        _check_ids("vpc_id", [self.vpc_id], _VPC_ID, "vpc-0123456789abcdef0")
        for argument, ids in self.subnet_ids().items():
            _check_ids(argument, ids.values(), _SUBNET_ID, "subnet-0123456789abcdef0")
            if len(ids) < 2 and argument != "private_subnet_ids":
                raise ValueError(
                    f"{argument}: got {len(ids)} zone(s), allowed 2 or more: load balancers and caches that survive "
                    "a zone want two"
                )
        tables = {
            "public_route_table_id": [self.public_route_table_id],
            "data_route_table_id": [self.data_route_table_id],
            "private_route_table_ids": self.private_route_table_ids.values(),
        }
        for argument, ids in tables.items():
            _check_ids(argument, ids, _TABLE_ID, "rtb-0123456789abcdef0")
        self._check_zones()

    def _check_zones(self) -> None:
        private, tables = set(self.private_subnet_ids), set(self.private_route_table_ids)
        if private != tables:
            raise ValueError(
                f"private_route_table_ids: got zones {_listed(tables)}, allowed those of private_subnet_ids, "
                f"{_listed(private)}: peering adds its routes there"
            )
        if lost := private - set(self.public_subnet_ids):
            raise ValueError(
                f"private_subnet_ids: got {_listed(lost)}, allowed zones of public_subnet_ids, "
                f"{_listed(self.public_subnet_ids)}: a load balancer sends nothing to zones it is not in"
            )

    def subnet_ids(self) -> dict[str, Mapping[str, str]]:
        """Argument -> its zones and subnets."""
        return {
            "public_subnet_ids": self.public_subnet_ids,
            "private_subnet_ids": self.private_subnet_ids,
            "data_subnet_ids": self.data_subnet_ids,
        }


class ExistingNetwork(pulumi.ComponentResource):
    """What network.Network offers, of one that stands. Raises ValueError, with all faults, where it does not fit."""

    vpc_id: Output[str]
    """As given."""
    vpc_cidr: str
    """The VPC's first IPv4 block."""
    public_subnet_ids: dict[str, Output[str]]
    """As given."""
    private_subnet_ids: dict[str, Output[str]]
    """As given; empty where there are none."""
    data_subnet_ids: dict[str, Output[str]]
    """As given."""
    public_route_table_id: Output[str]
    """As given."""
    private_route_table_ids: dict[str, Output[str]]
    """As given."""
    data_route_table_id: Output[str]
    """As given."""
    route_table_ids: dict[str, Output[str]]
    """Tables of all subnets that tasks may be in, each once, by words for logical names."""
    endpoint_security_group_id: Output[str] | None
    """As given."""
    nat_public_ips: list[Output[str]]
    """As given."""

    def __init__(self, name: str, args: ExistingNetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ExistingNetwork", name, None, opts)
        self._args = args
        self._lookup = InvokeOptions(parent=self)
        self._faults: list[str] = []
        vpc = self._vpc()
        self._check_subnets()
        self._check_tables()
        if vpc is None or self._faults:
            raise ValueError(f"the existing network {args.vpc_id} does not fit:\n  " + "\n  ".join(self._faults))

        self.vpc_id = Output.from_input(args.vpc_id)
        self.vpc_cidr = vpc.cidr_block
        self.public_subnet_ids = _outputs(args.public_subnet_ids)
        self.private_subnet_ids = _outputs(args.private_subnet_ids)
        self.data_subnet_ids = _outputs(args.data_subnet_ids)
        self.public_route_table_id = Output.from_input(args.public_route_table_id)
        self.private_route_table_ids = _outputs(args.private_route_table_ids)
        self.data_route_table_id = Output.from_input(args.data_route_table_id)
        self.route_table_ids = _outputs(_tables_of_tasks(args))
        group = args.endpoint_security_group_id
        self.endpoint_security_group_id = None if group is None else Output.from_input(group)
        self.nat_public_ips = [Output.from_input(address) for address in args.nat_public_ips]
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "vpc_cidr": self.vpc_cidr,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "data_subnet_ids": self.data_subnet_ids,
                "public_route_table_id": self.public_route_table_id,
                "private_route_table_ids": self.private_route_table_ids,
                "data_route_table_id": self.data_route_table_id,
                "route_table_ids": self.route_table_ids,
                "endpoint_security_group_id": self.endpoint_security_group_id,
                "nat_public_ips": self.nat_public_ips,
            }
        )

    def _found(self, argument: str, look_up: Callable[[], Found]) -> Found | None:
        try:
            return look_up()
        except Exception as error:  # an invoke that finds nothing raises a bare Exception
            self._faults.append(f"{argument}: {error}")
            return None

    def _vpc(self) -> aws.ec2.GetVpcResult | None:
        vpc_id = self._args.vpc_id
        vpc = self._found("vpc_id", lambda: aws.ec2.get_vpc(id=vpc_id, opts=self._lookup))
        if vpc and not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
            self._faults.append(
                f"vpc_id: {vpc_id} has DNS support or DNS hostnames off, both must be on: names of endpoints and of "
                "peered databases are resolved by them"
            )
        return vpc

    def _check_subnets(self) -> None:
        for argument, ids in self._args.subnet_ids().items():
            for zone, subnet_id in ids.items():
                self._check_subnet(f"{argument}[{zone}]", zone, subnet_id)

    def _check_subnet(self, argument: str, zone: str, subnet_id: str) -> None:
        subnet = self._found(argument, lambda: aws.ec2.get_subnet(id=subnet_id, opts=self._lookup))
        if subnet and subnet.vpc_id != self._args.vpc_id:
            self._faults.append(f"{argument}: {subnet_id} is in {subnet.vpc_id}, must be in {self._args.vpc_id}")
        if subnet and subnet.availability_zone != zone:
            self._faults.append(f"{argument}: {subnet_id} is in zone {subnet.availability_zone}, must be in {zone}")

    def _check_tables(self) -> None:
        args = self._args
        self._table("data_route_table_id", args.data_route_table_id, args.data_subnet_ids.values())
        for zone, table_id in args.private_route_table_ids.items():
            self._table(f"private_route_table_ids[{zone}]", table_id, [args.private_subnet_ids[zone]])
        public = self._table("public_route_table_id", args.public_route_table_id, args.public_subnet_ids.values())
        if public and not any((route.gateway_id or "").startswith("igw-") for route in public.routes):
            self._faults.append(
                f"public_route_table_id: {args.public_route_table_id} has no route to an internet gateway: nobody "
                "would reach the load balancer"
            )

    def _table(self, argument: str, table_id: str, subnet_ids: Iterable[str]) -> aws.ec2.GetRouteTableResult | None:
        table = self._found(argument, lambda: aws.ec2.get_route_table(route_table_id=table_id, opts=self._lookup))
        if table is None:
            return None
        if table.vpc_id != self._args.vpc_id:
            self._faults.append(f"{argument}: {table_id} is in {table.vpc_id}, must be in {self._args.vpc_id}")
        # The VPC's main table serves every subnet that has no other: those are listed nowhere.
        if not any(association.main for association in table.associations):
            joined = {association.subnet_id for association in table.associations}
            if astray := set(subnet_ids) - joined:
                self._faults.append(
                    f"{argument}: {table_id} is not the table of {_listed(astray)}: a peering's routes would not be "
                    "found there"
                )
        return table


def _tables_of_tasks(args: ExistingNetworkArgs) -> dict[str, str]:
    """Each table once, whatever number of zones share it: a second route to the same place is refused."""
    tables = {"public": args.public_route_table_id}
    for zone, table_id in sorted(args.private_route_table_ids.items()):
        if table_id not in tables.values():
            tables[f"private-{zone}"] = table_id
    return tables


def _outputs(values: Mapping[str, str]) -> dict[str, Output[str]]:
    return {key: Output.from_input(value) for key, value in values.items()}


def _check_ids(argument: str, ids: Iterable[str], shape: re.Pattern[str], example: str) -> None:
    for each in ids:
        if not shape.fullmatch(each):
            raise ValueError(f"{argument}: got {each!r}, allowed an id such as {example}")


def _listed(availability_zones: Iterable[str]) -> str:
    return ", ".join(sorted(availability_zones)) or "none"
