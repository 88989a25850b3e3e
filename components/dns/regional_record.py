"""One region's record of a name that several regions serve: a weighted alias record that follows the target's health.

The region that serves the traffic has weight ACTIVE, all others have STANDBY. Route 53 answers with a record of weight
0 only while no record with a higher weight is healthy, so an unhealthy region fails over automatically, and a change
of the weights moves the traffic in any order of the updates. The alias evaluates the health of the load balancer: it is
unhealthy when a target group has targets and none of them is healthy.
Sources: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-weighted.html and
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html (read 2026-11-28).
Checklist: high availability across regions.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name

ACTIVE = 100
"""Weight of the region that serves the traffic."""
STANDBY = 0
"""Weight of a region that serves only while no active region is healthy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionalRecordArgs:
    """Arguments of RegionalRecord. Record sets have no tags."""

    domain_name: str
    """Full name of the record in lower case, without a final dot; the same in all regions."""
    zone_id: Input[str]
    """Id of the name's hosted zone."""
    region: str
    """AWS region of the target, which identifies the record among those of the name."""
    active: bool
    """Whether this region serves the traffic."""
    target_domain_name: Input[str]
    """Host name of the region's load balancer."""
    target_zone_id: Input[str]
    """Hosted zone id of the load balancer."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name)


class RegionalRecord(ComponentResource):
    """A weighted alias record (A). The origin of a distribution needs no IPv6 address."""

    fqdn: Output[str]
    """Full name of the record, available once the record exists."""

    def __init__(self, name: str, args: RegionalRecordArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:RegionalRecord", name, None, opts)
        record = aws.route53.Record(
            f"{name}-a",
            zone_id=args.zone_id,
            name=args.domain_name,
            type="A",
            set_identifier=args.region,
            weighted_routing_policies=[{"weight": ACTIVE if args.active else STANDBY}],
            aliases=[{"name": args.target_domain_name, "zone_id": args.target_zone_id, "evaluate_target_health": True}],
            opts=ResourceOptions(parent=self),
        )
        self.fqdn = record.fqdn
        self.register_outputs({"fqdn": self.fqdn})
