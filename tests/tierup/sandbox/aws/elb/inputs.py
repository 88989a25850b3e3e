"""A VPC for load balancers, and inputs of Elastic Load Balancing resources, for the tests."""

from __future__ import annotations

from typing import Any

from tierup.sandbox.aws.network import INTERNET_GATEWAY, SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.cloud import CloudResource

from ..account import Account

FORWARD = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/0"

TO_HTTPS = {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}


class Place:
    """A VPC with an internet gateway and two subnets for a load balancer."""

    def __init__(self, account: Account, cidr: str = "10.0", name: str = "home", gateway: bool = True) -> None:
        self.vpc = account.make(VPC, name, cidrBlock=f"{cidr}.0.0/16").id
        if gateway:
            account.make(INTERNET_GATEWAY, name, vpcId=self.vpc)
        self.subnets = [
            account.make(
                SUBNET,
                f"{name}-{zone}",
                vpcId=self.vpc,
                cidrBlock=f"{cidr}.{number}.0/24",
                availabilityZone=f"eu-west-1{zone}",
            ).id
            for number, zone in enumerate("ab")
        ]
        self.group = account.make(SECURITY_GROUP, name, vpcId=self.vpc).id


def forward(targets: CloudResource) -> list[dict[str, Any]]:
    return [{"type": "forward", "targetGroupArn": targets.outputs["arn"]}]
