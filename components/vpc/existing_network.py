"""An existing network, which another stack or team owns: it is only looked up; nothing is created or changed in it.

It has the outputs of network.py, so a stack can use either. Before anything is created, lookups check that the VPC,
subnets and route tables exist and belong together, that each subnet is in the given zone and uses the given route
table, that the public route table has a route to an internet gateway, and that the VPC has DNS support and DNS
hostnames. Not checked: NAT or endpoints behind private subnets, flow logs, the default security group, network ACLs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from components.vpc.network_outputs import NetworkComponent

_VPC_ID = re.compile(r"vpc-[0-9a-f]{8,17}")
_SUBNET_ID = re.compile(r"subnet-[0-9a-f]{8,17}")
_TABLE_ID = re.compile(r"rtb-[0-9a-f]{8,17}")
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingNetworkArgs:
    """The ids of the existing network. They are plain strings, because they are checked before any resource is created.

    Raises ValueError for a malformed id, for fewer than two zones of public or data subnets, and for private subnets
    without a route table or in a zone without a public subnet.
    """

    vpc_id: str
    """Id of the VPC, such as vpc-0123456789abcdef0."""
    public_subnet_ids: Mapping[str, str]
    """Availability zone (`eu-west-1a`) -> id of its public subnet, for the load balancer. Two zones or more."""
    data_subnet_ids: Mapping[str, str]
    """Availability zone -> id of its data subnet, for caches. Two zones or more. May be the private subnets again."""
    public_route_table_id: str
    """Id of the route table of all public subnets."""
    data_route_table_id: str
    """Id of the route table of all data subnets."""
    private_subnet_ids: Mapping[str, str]
    """Availability zone -> id of its private subnet, for tasks. If empty, tasks run in the public subnets."""
    private_route_table_ids: Mapping[str, str]
    """Availability zone -> id of the route table of its private subnet. Zones may share one."""
    nat_public_ips: Sequence[str] = ()
    """Source IPv4 addresses of the private subnets. They are only passed on as an output."""
    endpoint_security_group_id: str | None = None
    """Id of the security group of the owner's interface endpoints. It is only passed on as an output."""

    def __post_init__(self) -> None:
        _check_ids("vpc_id", [self.vpc_id], _VPC_ID, "vpc-0123456789abcdef0")
        for argument, ids in self.subnet_ids().items():
            _check_ids(argument, ids.values(), _SUBNET_ID, "subnet-0123456789abcdef0")
            if len(ids) < 2 and argument != "private_subnet_ids":
                raise ValueError(
                    f"{argument}: too few zones (got {len(ids)}). "
                    "Set subnets of 2 or more zones: load balancers need two, and caches to survive the loss of a zone."
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
                f"private_route_table_ids: zones differ from private_subnet_ids (got {_listed(tables)}). "
                f"Set a route table for each of {_listed(private)}: VPC peering adds its routes there."
            )
        if without_public := private - set(self.public_subnet_ids):
            raise ValueError(
                f"private_subnet_ids: zones without a public subnet (got {_listed(without_public)}). "
                f"Use zones of public_subnet_ids ({_listed(self.public_subnet_ids)}): "
                "a load balancer routes to enabled zones only."
            )

    def subnet_ids(self) -> dict[str, Mapping[str, str]]:
        """Return each subnet argument by name: zone -> subnet id."""
        return {
            "public_subnet_ids": self.public_subnet_ids,
            "private_subnet_ids": self.private_subnet_ids,
            "data_subnet_ids": self.data_subnet_ids,
        }


class ExistingNetwork(NetworkComponent):
    """An existing network with the outputs of network.Network.

    Raises ValueError with one line for each error that the lookups find.
    """

    def __init__(self, name: str, args: ExistingNetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ExistingNetwork", name, None, opts)
        self._args = args
        self._lookup = InvokeOptions(parent=self)
        self._errors: list[str] = []
        vpc = self._vpc()
        self._check_subnets()
        self._check_tables()
        if vpc is None or self._errors:
            raise ValueError(
                f"vpc_id: the existing network cannot be used (got {args.vpc_id}). Correct the following errors:\n  "
                + "\n  ".join(self._errors)
            )

        self.vpc_id = Output.from_input(args.vpc_id)
        self.vpc_cidr = vpc.cidr_block
        self.public_subnet_ids = _outputs(args.public_subnet_ids)
        self.private_subnet_ids = _outputs(args.private_subnet_ids)
        self.data_subnet_ids = _outputs(args.data_subnet_ids)
        self.public_route_table_id = Output.from_input(args.public_route_table_id)
        self.private_route_table_ids = _outputs(args.private_route_table_ids)
        self.data_route_table_id = Output.from_input(args.data_route_table_id)
        self.route_table_ids = _outputs(_task_route_tables(args))
        group = args.endpoint_security_group_id
        self.endpoint_security_group_id = None if group is None else Output.from_input(group)
        self.nat_public_ips = [Output.from_input(address) for address in args.nat_public_ips]
        self._register_outputs()

    def _found(self, argument: str, look_up: Callable[[], Found]) -> Found | None:
        try:
            return look_up()
        except Exception as error:  # an invoke that finds nothing raises a bare Exception
            self._errors.append(f"{argument}: {error}")
            return None

    def _vpc(self) -> aws.ec2.GetVpcResult | None:
        vpc_id = self._args.vpc_id
        vpc = self._found("vpc_id", lambda: aws.ec2.get_vpc(id=vpc_id, opts=self._lookup))
        if vpc and not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
            self._errors.append(
                f"vpc_id: DNS support or DNS hostnames are disabled (got {vpc_id}). "
                "Enable both: names of endpoints and of peered databases are resolved by them."
            )
        return vpc

    def _check_subnets(self) -> None:
        for argument, ids in self._args.subnet_ids().items():
            for zone, subnet_id in ids.items():
                self._check_subnet(f"{argument}[{zone}]", zone, subnet_id)

    def _check_subnet(self, argument: str, zone: str, subnet_id: str) -> None:
        subnet = self._found(argument, lambda: aws.ec2.get_subnet(id=subnet_id, opts=self._lookup))
        if subnet and subnet.vpc_id != self._args.vpc_id:
            self._errors.append(
                f"{argument}: {subnet_id} is in another VPC (got {subnet.vpc_id}). Set a subnet of {self._args.vpc_id}."
            )
        if subnet and subnet.availability_zone != zone:
            self._errors.append(
                f"{argument}: {subnet_id} is in another zone (got {subnet.availability_zone}). Set a subnet of {zone}."
            )

    def _check_tables(self) -> None:
        args = self._args
        self._table("data_route_table_id", args.data_route_table_id, args.data_subnet_ids.values())
        for zone, table_id in args.private_route_table_ids.items():
            self._table(f"private_route_table_ids[{zone}]", table_id, [args.private_subnet_ids[zone]])
        public = self._table("public_route_table_id", args.public_route_table_id, args.public_subnet_ids.values())
        if public and not any((route.gateway_id or "").startswith("igw-") for route in public.routes):
            self._errors.append(
                f"public_route_table_id: no route to an internet gateway (got {args.public_route_table_id}). "
                "Set the route table of public subnets: clients could not reach the load balancer otherwise."
            )

    def _table(self, argument: str, table_id: str, subnet_ids: Iterable[str]) -> aws.ec2.GetRouteTableResult | None:
        table = self._found(argument, lambda: aws.ec2.get_route_table(route_table_id=table_id, opts=self._lookup))
        if table is None:
            return None
        if table.vpc_id != self._args.vpc_id:
            self._errors.append(
                f"{argument}: {table_id} is in another VPC (got {table.vpc_id}). "
                f"Set a route table of {self._args.vpc_id}."
            )
        # The main route table applies to every subnet without an explicit association, and lists none of them.
        if not any(association.main for association in table.associations):
            associated = {association.subnet_id for association in table.associations}
            if unassociated := set(subnet_ids) - associated:
                self._errors.append(
                    f"{argument}: {table_id} is not associated with every subnet (got {_listed(unassociated)} without "
                    "it). Set the route table of these subnets: routes of VPC peering would not apply to them."
                )
        return table


def _task_route_tables(args: ExistingNetworkArgs) -> dict[str, str]:
    """Return each route table once, even if zones share it: EC2 rejects a second route to one destination."""
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
            raise ValueError(f"{argument}: malformed id (got {each!r}). Set an id such as {example}.")


def _listed(availability_zones: Iterable[str]) -> str:
    return ", ".join(sorted(availability_zones)) or "none"
