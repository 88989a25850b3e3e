"""Interface endpoints (AWS PrivateLink): network interfaces of AWS services inside the private subnets.

With them, private subnets need no NAT for these services, and their traffic is not billed as NAT data processing. Each
endpoint has an hourly price per zone, so endpoints are cheaper than NAT only at high volume, which is mostly image
pulls and logs. The S3 gateway endpoint is free and is part of every network (network.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, Resource

from components.vpc.network_context import NetworkContext


class EndpointService(StrEnum):
    """An AWS service with an interface endpoint: its service name without the prefix `com.amazonaws.<region>.`.

    https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html (from memory). All of
    these support an endpoint policy.
    """

    ECR_API = "ecr.api"  # image manifests; needs ECR_DKR and S3, which holds the layers
    ECR_DKR = "ecr.dkr"  # image pulls
    LOGS = "logs"  # the awslogs driver
    SECRETS_MANAGER = "secretsmanager"  # secrets that tasks read at start, and rotation
    SSM_MESSAGES = "ssmmessages"  # ECS Exec
    SSM = "ssm"  # Parameter Store
    KMS = "kms"  # customer managed keys that the application itself uses
    STS = "sts"  # roles that the application assumes
    SQS = "sqs"  # queues
    SNS = "sns"  # topics
    MONITORING = "monitoring"  # CloudWatch metrics
    XRAY = "xray"  # traces
    EVENTS = "events"  # EventBridge


def check_endpoint_services(argument: str, services: Sequence[EndpointService]) -> None:
    """Raise ValueError if a service is listed twice, or if only one of the two ECR services is listed."""
    if len(set(services)) != len(services):
        raise ValueError(
            f"{argument}: a service is listed twice (got {', '.join(services)}). "
            "List each service once: two endpoints cannot share the private DNS name."
        )
    ecr = {EndpointService.ECR_API, EndpointService.ECR_DKR}
    if len(ecr & set(services)) == 1:
        raise ValueError(
            f"{argument}: one of the two ECR services is missing (got {', '.join(services)}). "
            f"List {' and '.join(sorted(ecr))} together or neither: an image pull uses both."
        )


class InterfaceEndpoints:
    """A network's interface endpoints and the security group they share. Not a component: the network is the parent."""

    security_group_id: Output[str]
    endpoints: list[Resource]

    def __init__(
        self, network: NetworkContext, *, services: Sequence[EndpointService], subnets: Iterable[aws.ec2.Subnet]
    ) -> None:
        """`services` must have passed `check_endpoint_services`; each of `subnets` is in a different zone."""
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
                policy=_own_account_policy(network.account_id),
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
            # The whole VPC, not single client groups: private DNS resolves the service's name to this endpoint for
            # every client of the VPC, and a client without access would have no other route to the service.
            description="HTTPS from the VPC",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=network.vpc_cidr,
            tags=network.tagged(f"{name}-https"),
            opts=network.child,
        )
        return group, rule


def _own_account_policy(account_id: Input[str]) -> Output[str]:
    """Return the endpoint policy (JSON), which denies credentials of any other account.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (read 2026-11-28)
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
