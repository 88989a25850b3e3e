"""The network of one region: VPC, public, private and data subnets, internet routes, NAT, endpoints and flow logs.

Public subnets hold the load balancer and, without private subnets, the tasks. Subnets do not assign public addresses
automatically; a resource requests one. Private subnets have outbound internet access only: over IPv4 through NAT
(nat.py), over IPv6 through an egress-only internet gateway. Data subnets have no route out of the VPC; caches use them
from the start, because a cache that moves to other subnets is replaced.

Zones, private subnets, another kind of NAT, endpoints and IPv6 can be added to an existing network and replace nothing.
Network ACLs keep AWS's defaults, which allow all traffic: security groups control access and are stateful, which
network ACLs are not.
It does not create security groups of services (each component creates its own), VPC peering or its routes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.log_retention import check_retention
from components.vpc.cidr_plan import SubnetKind, check_vpc_cidr, check_zones
from components.vpc.flow_log import FlowLog
from components.vpc.network_context import NetworkContext
from components.vpc.network_outputs import NetworkComponent
from components.vpc.private_subnets import PrivateSubnets, PrivateSubnetsArgs
from components.vpc.subnets import Subnets


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkArgs:
    """Arguments of Network.

    Raises ValueError for a CIDR block, zones, a NAT zone or a retention period outside the documented ranges.
    """

    vpc_cidr: str
    """A private IPv4 /16. Changing it replaces the VPC and every resource in it."""
    availability_zones: Sequence[str]
    """Two to six availability zones of the region, by name (`eu-west-1a`). Adding one moves no subnet."""
    account_id: Input[str]
    """Id of the AWS account, 12 digits."""
    region: Input[str]
    """AWS region of the VPC, such as eu-west-1."""
    flow_log_retention_days: int
    """Retention of the flow log in days; one of the periods that CloudWatch Logs supports."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    flow_log_key_arn: Input[str] | None = None
    """Customer managed KMS key of the flow log; its key policy must allow CloudWatch Logs of the region."""
    private: PrivateSubnetsArgs | None = None
    """Private subnets. If None, there are none, and no NAT."""
    ipv6: bool = False
    """Whether the network is dual-stack, with an IPv6 block that AWS assigns. It cannot be turned off again: AWS does
    not disassociate the VPC's block while subnets use it, and the provider does not remove the subnets' blocks."""

    def __post_init__(self) -> None:
        check_vpc_cidr("vpc_cidr", self.vpc_cidr)
        check_zones("availability_zones", list(self.availability_zones))
        check_retention("flow_log_retention_days", self.flow_log_retention_days)
        nat_zone = self.private.nat_zone if self.private else None
        if nat_zone is not None and nat_zone not in self.availability_zones:
            raise ValueError(
                f"private.nat_zone: not a zone of the network (got {nat_zone}). "
                f"Set one of {', '.join(self.availability_zones)}: NAT needs a public subnet."
            )


class Network(NetworkComponent):
    """A VPC with public and data subnets and, if configured, private subnets with NAT and endpoints."""

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
        public_table = self._associate_public(public)
        data_table = self._associate_data(Subnets(self._network, SubnetKind.DATA))
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
        FlowLog(self._network, retention_days=args.flow_log_retention_days, kms_key_arn=args.flow_log_key_arn)
        self._register_outputs()

    def _close_default_security_group(self) -> None:
        # Every VPC has this group, which allows all traffic among its members. Managing it without rules removes them,
        # so that a resource without a dedicated security group has no network access.
        aws.ec2.DefaultSecurityGroup(
            f"{self._network.name}-default-security-group",
            vpc_id=self._network.vpc.id,
            tags=self._network.tagged(f"{self._network.name}-default-closed"),
            opts=self._network.child,
        )

    def _route_table(self, part: str) -> aws.ec2.RouteTable:
        name = f"{self._network.name}-{part}"
        # No inline routes: they would remove the routes that other resources add (VPC peering).
        return aws.ec2.RouteTable(
            name, vpc_id=self._network.vpc.id, tags=self._network.tagged(name), opts=self._network.child
        )

    def _associate_public(self, subnets: Subnets) -> aws.ec2.RouteTable:
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
        self.public_subnet_ids = subnets.associate(
            dict.fromkeys(network.availability_zones, table), dict.fromkeys(network.availability_zones, routes)
        )
        return table

    def _associate_data(self, subnets: Subnets) -> aws.ec2.RouteTable:
        table = self._route_table("data")
        self.data_subnet_ids = subnets.associate(dict.fromkeys(self._network.availability_zones, table), {})
        return table

    def _s3_endpoint(self) -> None:
        # It is free, and image layers are in S3. Its policy allows everything, because the layers are in buckets of
        # AWS's accounts. Data subnets do not get it: caches do not use S3, and it would be a route out of the VPC.
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
