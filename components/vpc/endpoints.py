"""The short ways from a VPC to services of AWS: interface endpoints, addresses of a service inside our own subnets.

With them private subnets need no NAT for these services, and what goes through them is not billed as NAT traffic. Each
costs by the hour and zone, so they are cheaper than NAT only where much goes through: image pulls and logs, mostly.
The gateway endpoint of S3 costs nothing and is always there (network.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, Resource

from components.vpc.network_context import NetworkContext


class EndpointService(StrEnum):
    """What there is an interface endpoint for: the part of the service name behind `com.amazonaws.<region>.`.

    https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html (from memory). All of
    these take an endpoint policy.
    """

    ECR_API = "ecr.api"  # asks for an image; useless without ECR_DKR and S3, where the layers are
    ECR_DKR = "ecr.dkr"  # pulls it
    LOGS = "logs"  # the awslogs driver
    SECRETS_MANAGER = "secretsmanager"  # secrets of tasks as they start, and rotation
    SSM_MESSAGES = "ssmmessages"  # ECS Exec
    SSM = "ssm"  # Parameter Store
    KMS = "kms"  # keys of one's own, where a program uses one itself
    STS = "sts"  # roles that a program takes on
    SQS = "sqs"  # queues
    SNS = "sns"  # topics
    MONITORING = "monitoring"  # CloudWatch metrics
    XRAY = "xray"  # traces
    EVENTS = "events"  # EventBridge


def check_endpoint_services(argument: str, services: Sequence[EndpointService]) -> None:
    """Raises ValueError where a service is given twice, or one that pulls no image without the other."""
    if len(set(services)) != len(services):
        raise ValueError(f"{argument}: got {', '.join(services)}, allowed each once: a second one takes the same name")
    ecr = {EndpointService.ECR_API, EndpointService.ECR_DKR}
    if len(ecr & set(services)) == 1:
        raise ValueError(
            f"{argument}: got {', '.join(services)}, allowed {' and '.join(sorted(ecr))} together or neither: "
            "a pull asks one and loads from the other"
        )


class InterfaceEndpoints:
    """A network's interface endpoints and their one security group. No component: they belong to the network."""

    security_group_id: Output[str]
    endpoints: list[Resource]

    def __init__(
        self, network: NetworkContext, *, services: Sequence[EndpointService], subnets: Iterable[aws.ec2.Subnet]
    ) -> None:
        """`services` must have passed `check_endpoint_services`; `subnets` are in zones of their own."""
        group, rule = self._security_group(network)
        subnet_ids = [subnet.id for subnet in subnets]
        self.security_group_id = group.id
        self.endpoints = [
            aws.ec2.VpcEndpoint(
                name,
                vpc_id=network.vpc.id,
                vpc_endpoint_type="Interface",
                service_name=Output.concat("com.amazonaws.", network.region, f".{service}"),
                subnet_ids=subnet_ids,
                security_group_ids=[group.id],
                private_dns_enabled=True,
                policy=_only_our_account(network.account_id),
                tags=network.tagged(name),
                opts=network.after(rule),
            )
            for service, name in ((each, f"{network.name}-{each.replace('.', '-')}") for each in services)
        ]

    @staticmethod
    def _security_group(network: NetworkContext) -> tuple[aws.ec2.SecurityGroup, Resource]:
        name = f"{network.name}-endpoints"
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=network.vpc.id,
            description="Endpoints of AWS services: in from the VPC",
            tags=network.tagged(name),
            opts=network.child,
        )
        rule = aws.vpc.SecurityGroupIngressRule(
            f"{name}-https",
            security_group_id=group.id,
            # The whole VPC, not its clients one by one: private DNS sends everybody here, and whoever were not let in
            # would have no other way to the service.
            description="HTTPS from the VPC",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=network.vpc_cidr,
            tags=network.tagged(f"{name}-https"),
            opts=network.child,
        )
        return group, rule


def _only_our_account(account_id: Input[str]) -> Output[str]:
    """The endpoint policy (JSON): credentials of another account, brought in from outside, lead nowhere.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (from memory, to be checked)
    """
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "*",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"aws:PrincipalAccount": account_id}},
                }
            ],
        }
    )
