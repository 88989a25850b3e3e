"""What every part of one network knows of it: handed from network.py to the parts, each in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkContext:
    """The VPC, where it lies, and how its parts are called."""

    name: str
    """Logical name of the network: every part's begins with it."""
    vpc: aws.ec2.Vpc
    vpc_cidr: str
    availability_zones: Sequence[str]
    ipv6: bool
    account_id: Input[str]
    region: Input[str]
    tags: Mapping[str, str]
    child: ResourceOptions
    """Options of the parts: children of the network."""

    def after(self, *resources: Resource) -> ResourceOptions:
        """Options of a part that must wait for `resources`."""
        return ResourceOptions.merge(self.child, ResourceOptions(depends_on=list(resources)))

    def tagged(self, name: str) -> dict[str, str]:
        """Tags of the part called `name`."""
        return {**self.tags, "Name": name}
