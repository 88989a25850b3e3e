"""A public hosted zone of Route 53 for a name below a domain that another DNS provider serves.

The other provider delegates the name to `name_servers` with NS records (components/cloudflare/delegation.py). Route 53
then answers for the name with the routing policies and health evaluation that the other provider does not have.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/CreatingNewSubdomain.html (read 2026-11-28)
Checklist: high availability across regions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components.dns.host_name import check_host_name

NAME_SERVERS = 4
"""Number of name servers of each public hosted zone: a delegation set has four (source as above)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostedZoneArgs:
    """Arguments of HostedZone."""

    domain_name: str
    """Name of the zone in lower case, without a final dot."""
    tags: Mapping[str, str]
    """Tags of the zone; a Name is added."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name)


class HostedZone(ComponentResource):
    """A public hosted zone."""

    zone_id: Output[str]
    """Id of the zone."""
    name_servers: Output[Sequence[str]]
    """The NAME_SERVERS host names that answer for the zone."""

    def __init__(self, name: str, args: HostedZoneArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:HostedZone", name, None, opts)
        zone = aws.route53.Zone(
            f"{name}-zone",
            name=args.domain_name,
            comment="Answers for the regions of an application",
            tags={**args.tags, "Name": f"{name}-zone"},
            opts=ResourceOptions(parent=self),
        )
        self.zone_id = zone.zone_id
        self.name_servers = zone.name_servers
        self.register_outputs({"zone_id": self.zone_id, "name_servers": self.name_servers})
