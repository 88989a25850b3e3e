"""The values that all parts of one network share. network.py passes them to the parts, which are in separate files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkContext:
    """The VPC, its location, and the names, tags and options of its parts."""

    name: str
    """Logical name of the network, the prefix of every part's logical name."""
    vpc: aws.ec2.Vpc
    vpc_cidr: str
    availability_zones: Sequence[str]
    ipv6: bool
    account_id: Input[str]
    region: Input[str]
    tags: Mapping[str, str]
    child: ResourceOptions
    """Resource options of the parts, which are children of the network."""

    def after(self, *resources: Resource) -> ResourceOptions:
        """Return the options of a part that depends on `resources`."""
        return ResourceOptions.merge(self.child, ResourceOptions(depends_on=list(resources)))

    def tagged(self, name: str) -> dict[str, str]:
        """Return the tags of the part with this name."""
        return {**self.tags, "Name": name}
