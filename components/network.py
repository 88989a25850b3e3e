"""The network of one region: VPC, public and data subnets, internet gateway, S3 endpoint, flow logs.

Public subnets hold the load balancer and, where there is no NAT, the tasks: a subnet gives nobody a public address by
itself, whoever needs one asks for it. Data subnets have no route out of the VPC; stateful things live there from the
first day, because a cache cannot move to other subnets later without being replaced.
Not here: security groups of services (each block brings its own), peering and its routes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from .cidr_plan import SubnetKind, check_vpc_cidr, check_zones, subnet_cidr
from .log_retention import check_retention
from .role_trust import service_trust


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkArgs:
    """What one network needs."""

    vpc_cidr: str
    """A private /16. Changing it replaces the VPC and all in it."""
    zones: Sequence[str]
    """Two to six availability zones of the region, by name (`eu-west-1a`). Adding one moves nothing."""
    account_id: Input[str]
    region: Input[str]
    flow_log_retention_days: int
    tags: Mapping[str, str]

    def __post_init__(self) -> None:
        check_vpc_cidr("vpc_cidr", self.vpc_cidr)
        check_zones("zones", list(self.zones))
        check_retention("flow_log_retention_days", self.flow_log_retention_days)


class Network(pulumi.ComponentResource):
    """A VPC that reaches the internet from its public subnets only."""

    vpc_id: Output[str]
    vpc_cidr: str
    public_subnet_ids: dict[str, Output[str]]
    """Zone -> subnet id, known once the subnet's way to the internet stands: a task or load balancer placed in a subnet
    without that route fails."""
    data_subnet_ids: dict[str, Output[str]]
    """Zone -> id of the subnet with no way out."""
    public_route_table_id: Output[str]
    data_route_table_id: Output[str]

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Network", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)

        self._vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.vpc_cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self._tags("vpc"),
            opts=self._child,
        )
        self._close_default_security_group()
        public_table, internet_route = self._public_route_table()
        data_table = self._route_table(SubnetKind.DATA)
        self._s3_endpoint(public_table)
        self._flow_log()

        self.vpc_id = self._vpc.id
        self.vpc_cidr = args.vpc_cidr
        self.public_subnet_ids = self._subnets(SubnetKind.PUBLIC, public_table, [internet_route])
        self.data_subnet_ids = self._subnets(SubnetKind.DATA, data_table, [])
        self.public_route_table_id = public_table.id
        self.data_route_table_id = data_table.id
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "vpc_cidr": self.vpc_cidr,
                "public_subnet_ids": self.public_subnet_ids,
                "data_subnet_ids": self.data_subnet_ids,
                "public_route_table_id": self.public_route_table_id,
                "data_route_table_id": self.data_route_table_id,
            }
        )

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _close_default_security_group(self) -> None:
        # Every VPC comes with this group, open among its members. Taking it over with no rules leaves it shut, so
        # that what is started without a group of its own talks to nobody.
        aws.ec2.DefaultSecurityGroup(
            f"{self._logical_name}-default-security-group",
            vpc_id=self._vpc.id,
            tags=self._tags("default-closed"),
            opts=self._child,
        )

    def _route_table(self, kind: SubnetKind) -> aws.ec2.RouteTable:
        # No routes inline: others add theirs (peering, NAT), and inline routes would remove them again.
        return aws.ec2.RouteTable(
            f"{self._logical_name}-{kind}", vpc_id=self._vpc.id, tags=self._tags(str(kind)), opts=self._child
        )

    def _public_route_table(self) -> tuple[aws.ec2.RouteTable, aws.ec2.Route]:
        gateway = aws.ec2.InternetGateway(
            f"{self._logical_name}-internet", vpc_id=self._vpc.id, tags=self._tags("internet"), opts=self._child
        )
        table = self._route_table(SubnetKind.PUBLIC)
        route = aws.ec2.Route(
            f"{self._logical_name}-public-internet",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=self._child,
        )
        return table, route

    def _subnets(
        self, kind: SubnetKind, table: aws.ec2.RouteTable, routes: Sequence[pulumi.Resource]
    ) -> dict[str, Output[str]]:
        ids: dict[str, Output[str]] = {}
        for zone in self._args.zones:
            subnet = aws.ec2.Subnet(
                f"{self._logical_name}-{kind}-{zone}",
                vpc_id=self._vpc.id,
                availability_zone=zone,
                cidr_block=subnet_cidr(self._args.vpc_cidr, kind, zone),
                map_public_ip_on_launch=False,
                tags=self._tags(f"{kind}-{zone}"),
                opts=self._child,
            )
            association = aws.ec2.RouteTableAssociation(
                f"{self._logical_name}-{kind}-{zone}",
                subnet_id=subnet.id,
                route_table_id=table.id,
                opts=ResourceOptions.merge(self._child, ResourceOptions(depends_on=list(routes))),
            )
            ids[zone] = Output.all(subnet.id, association.id).apply(lambda both: str(both[0]))
        return ids

    def _s3_endpoint(self, table: aws.ec2.RouteTable) -> None:
        # Free, and image layers come from S3. Its policy stays open: the layers lie in buckets of AWS's own accounts.
        aws.ec2.VpcEndpoint(
            f"{self._logical_name}-s3",
            vpc_id=self._vpc.id,
            vpc_endpoint_type="Gateway",
            service_name=Output.concat("com.amazonaws.", self._args.region, ".s3"),
            route_table_ids=[table.id],
            tags=self._tags("s3"),
            opts=self._child,
        )

    def _flow_log(self) -> None:
        log_group = aws.cloudwatch.LogGroup(
            f"{self._logical_name}-flow-logs",
            retention_in_days=self._args.flow_log_retention_days,
            tags=self._tags("flow-logs"),
            opts=self._child,
        )
        flow_log_arns = Output.format("arn:aws:ec2:{0}:{1}:vpc-flow-log/*", self._args.region, self._args.account_id)
        role = aws.iam.Role(
            f"{self._logical_name}-flow-logs",
            description="Lets VPC flow logs write to their one log group",
            assume_role_policy=service_trust(
                "vpc-flow-logs.amazonaws.com", account_id=self._args.account_id, source_arn=flow_log_arns
            ),
            tags=self._tags("flow-logs"),
            opts=self._child,
        )
        # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html (read 2026-11-24) without
        # CreateLogGroup: the group stands, and one that AWS made itself would keep its logs for ever.
        policy = aws.iam.RolePolicy(
            f"{self._logical_name}-flow-logs",
            role=role.name,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": [
                                "logs:CreateLogStream",
                                "logs:PutLogEvents",
                                "logs:DescribeLogGroups",
                                "logs:DescribeLogStreams",
                            ],
                            "Resource": [log_group.arn, Output.concat(log_group.arn, ":*")],
                        }
                    ],
                }
            ),
            opts=self._child,
        )
        aws.ec2.FlowLog(
            f"{self._logical_name}-flow-logs",
            vpc_id=self._vpc.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=log_group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=600,
            tags=self._tags("flow-logs"),
            opts=ResourceOptions.merge(self._child, ResourceOptions(depends_on=[policy])),
        )
