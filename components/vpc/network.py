"""The network of one region: VPC, public, private and data subnets, their ways out, endpoints, flow logs.

Public subnets hold the load balancer and, where there are no private ones, the tasks: a subnet gives nobody a public
address by itself, whoever needs one asks for it. Private subnets reach outside and are not reached from there: over
IPv4 through NAT (nat.py), over IPv6 through an egress-only gateway. Data subnets have no route out of the VPC; stateful
things live there from the first day, because a cache cannot move to other subnets later without being replaced.

Everything can be added to a network that stands (zones, private subnets, another NAT, endpoints, IPv6) and replaces
nothing. Network ACLs stay as AWS makes them, open: security groups say who talks to whom, and know answers from
requests, which a network ACL does not.
Not here: security groups of services (each block brings its own), peering and its routes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.log_retention import check_retention
from components.vpc.cidr_plan import SubnetKind, check_vpc_cidr, check_zones
from components.vpc.flow_log import FlowLog
from components.vpc.network_context import NetworkContext
from components.vpc.private_subnets import PrivateSubnets, PrivateSubnetsArgs
from components.vpc.subnets import Subnets


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkArgs:
    """What one network needs."""

    vpc_cidr: str
    """A private /16. Changing it replaces the VPC and all in it."""
    availability_zones: Sequence[str]
    """Two to six availability zones of the region, by name (`eu-west-1a`). Adding one moves nothing."""
    account_id: Input[str]
    """The AWS account's, 12 digits."""
    region: Input[str]
    """The VPC's, AWS form."""
    flow_log_retention_days: int
    """One of the periods that CloudWatch Logs offers."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    flow_log_key_arn: Input[str] | None = None
    """The customer's own KMS key for the flow log; its policy must let CloudWatch Logs of the region use it."""
    private: PrivateSubnetsArgs | None = None
    """None: there are none, and no NAT."""
    ipv6: bool = False
    """Dual stack, with addresses that AWS gives. One way only: AWS refuses to take the VPC's block back while subnets
    hold parts of it, and the provider does not take those from them."""

    def __post_init__(self) -> None:
        check_vpc_cidr("vpc_cidr", self.vpc_cidr)
        check_zones("zones", list(self.availability_zones))
        check_retention("flow_log_retention_days", self.flow_log_retention_days)
        nat_zone = self.private.nat_zone if self.private else None
        if nat_zone is not None and nat_zone not in self.availability_zones:
            raise ValueError(
                f"private.nat_zone: got {nat_zone}, allowed {', '.join(self.availability_zones)}: NAT is in a public "
                "subnet"
            )


class Network(pulumi.ComponentResource):
    """A VPC whose subnets reach the internet from the public ones directly, from the private ones as asked for."""

    vpc_id: Output[str]
    """Known once the VPC stands."""
    vpc_cidr: str
    """All of its IPv4 addresses."""
    public_subnet_ids: dict[str, Output[str]]
    """Zone -> subnet id, known once the subnet's way to the internet stands: a task or load balancer placed in a subnet
    without that route fails."""
    private_subnet_ids: dict[str, Output[str]]
    """Likewise, with NAT and endpoints. Empty where there are none."""
    data_subnet_ids: dict[str, Output[str]]
    """Zone -> id of the subnet with no way out."""
    public_route_table_id: Output[str]
    """Of the public subnets, all of them."""
    private_route_table_ids: dict[str, Output[str]]
    """Zone -> route table id."""
    data_route_table_id: Output[str]
    """Of the data subnets, all of them."""
    route_table_ids: dict[str, Output[str]]
    """Tables of all subnets that tasks may be in, each once, by words for logical names: where peerings add routes."""
    endpoint_security_group_id: Output[str] | None
    """Of the interface endpoints; None without."""
    nat_public_ips: list[Output[str]]
    """Senders of what private subnets send over IPv4, for allow lists of others. Empty without NAT."""

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Network", name, None, opts)
        child = ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.vpc_cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            assign_generated_ipv6_cidr_block=args.ipv6 or None,
            tags={**args.tags, "Name": f"{name}-vpc"},
            opts=child,
        )
        self._network = NetworkContext(
            name=name,
            vpc=vpc,
            vpc_cidr=args.vpc_cidr,
            availability_zones=args.availability_zones,
            ipv6=args.ipv6,
            account_id=args.account_id,
            region=args.region,
            tags=args.tags,
            child=child,
        )
        self._close_default_security_group()
        public = Subnets(self._network, SubnetKind.PUBLIC)
        public_table = self._join_public(public)
        data_table = self._join_data(Subnets(self._network, SubnetKind.DATA))
        private = PrivateSubnets(self._network, args.private, public) if args.private else None
        private_tables = {zone: table.id for zone, table in private.tables.items()} if private else {}

        self.vpc_id = vpc.id
        self.vpc_cidr = args.vpc_cidr
        self.private_subnet_ids = private.ids if private else {}
        self.public_route_table_id = public_table.id
        self.private_route_table_ids = private_tables
        self.data_route_table_id = data_table.id
        self.route_table_ids = {
            "public": public_table.id,
            **{f"private-{zone}": table_id for zone, table_id in private_tables.items()},
        }
        self.endpoint_security_group_id = private.endpoint_security_group_id if private else None
        self.nat_public_ips = private.nat_public_ips if private else []
        self._s3_endpoint()
        FlowLog(self._network, retention_days=args.flow_log_retention_days, key_arn=args.flow_log_key_arn)
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

    def _close_default_security_group(self) -> None:
        # Every VPC comes with this group, open among its members. Taking it over with no rules leaves it shut, so
        # that what is started without a group of its own talks to nobody.
        aws.ec2.DefaultSecurityGroup(
            f"{self._network.name}-default-security-group",
            vpc_id=self._network.vpc.id,
            tags=self._network.tagged(f"{self._network.name}-default-closed"),
            opts=self._network.child,
        )

    def _route_table(self, part: str) -> aws.ec2.RouteTable:
        name = f"{self._network.name}-{part}"
        # No routes inline: others add theirs (peering), and inline routes would remove them again.
        return aws.ec2.RouteTable(
            name, vpc_id=self._network.vpc.id, tags=self._network.tagged(name), opts=self._network.child
        )

    def _join_public(self, subnets: Subnets) -> aws.ec2.RouteTable:
        network, name = self._network, f"{self._network.name}-internet"
        gateway = aws.ec2.InternetGateway(name, vpc_id=network.vpc.id, tags=network.tagged(name), opts=network.child)
        table = self._route_table("public")
        routes = [
            aws.ec2.Route(
                f"{network.name}-public-internet",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                gateway_id=gateway.id,
                opts=network.child,
            )
        ]
        if network.ipv6:
            routes.append(
                aws.ec2.Route(
                    f"{network.name}-public-internet-ipv6",
                    route_table_id=table.id,
                    destination_ipv6_cidr_block="::/0",
                    gateway_id=gateway.id,
                    opts=network.child,
                )
            )
        self.public_subnet_ids = subnets.join(
            dict.fromkeys(network.availability_zones, table), dict.fromkeys(network.availability_zones, routes)
        )
        return table

    def _join_data(self, subnets: Subnets) -> aws.ec2.RouteTable:
        table = self._route_table("data")
        self.data_subnet_ids = subnets.join(dict.fromkeys(self._network.availability_zones, table), {})
        return table

    def _s3_endpoint(self) -> None:
        # Free, and image layers come from S3. Its policy stays open: the layers lie in buckets of AWS's own accounts.
        # Not for data subnets: nothing there fetches from S3, and it would be their way out.
        name = f"{self._network.name}-s3"
        aws.ec2.VpcEndpoint(
            name,
            vpc_id=self._network.vpc.id,
            vpc_endpoint_type="Gateway",
            service_name=Output.concat("com.amazonaws.", self._network.region, ".s3"),
            route_table_ids=list(self.route_table_ids.values()),
            tags=self._network.tagged(name),
            opts=self._network.child,
        )
