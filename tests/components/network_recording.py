"""Recordings of networks for the tests of their parts."""

from __future__ import annotations

from typing import Any

from components.vpc.network import Network, NetworkArgs
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.engine_recorder import ACCOUNT, REGION, Recorded, Recording, record

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
IMAGE = "ami-0123456789abcdef0"


def record_network(
    private: PrivateSubnetsArgs | None = None, *, ipv6: bool = False, flow_log_key_arn: str | None = None
) -> Recording[Network]:
    """Record the network `net` in three zones."""
    args = NetworkArgs(
        vpc_cidr="10.20.0.0/16",
        availability_zones=ZONES,
        account_id=ACCOUNT,
        region=REGION,
        flow_log_retention_days=30,
        tags={"Stack": "dev"},
        private=private,
        ipv6=ipv6,
        flow_log_key_arn=flow_log_key_arn,
    )
    return record(
        lambda: Network("net", args),
        outputs={
            "aws:ec2/vpc:Vpc": {"ipv6CidrBlock": "2001:db8:0:ab00::/56"},
            "aws:ec2/instance:Instance": {"primaryNetworkInterfaceId": "eni-of-the-instance"},
        },
        calls={"aws:ssm/getParameter:getParameter": {"insecureValue": IMAGE, "value": "a secret"}},
    )


def only(recording: Recording[Any], type_token: str, name: str) -> Recorded:
    """Return the resource with this type and name; parts of different types may share a name."""
    (found,) = [resource for resource in recording.of(type_token) if resource.name == name]
    return found


def untagged(recording: Recording[Any]) -> list[str]:
    """Return the names of the taggable resources without the stack's tag or a Name tag."""
    found: list[str] = []
    for resource in recording.resources:
        tags = resource.inputs.get("tags", {})
        tagged = tags.get("Stack") == "dev" and tags.get("Name", "").startswith("net-")
        if resource.custom and resource.type not in _UNTAGGABLE and not tagged:
            found.append(resource.name)
    return found


_UNTAGGABLE = {
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/eipAssociation:EipAssociation",
    "aws:iam/rolePolicy:RolePolicy",
}
