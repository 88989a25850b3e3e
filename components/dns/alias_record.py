"""Alias records (A and AAAA) in a Route 53 zone for a distribution or a load balancer.

The zone exists beforehand. Route 53 does not charge alias queries to AWS targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Alias, ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name
from components.dns.host_record import HOST_RECORD


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasRecordArgs:
    """Arguments of AliasRecord. Record sets have no tags."""

    domain_name: str
    """Full name of the records in lower case, without a final dot."""
    zone_id: Input[str]
    """Id of the name's hosted zone."""
    target_domain_name: Input[str]
    """Host name of the distribution or load balancer."""
    target_zone_id: Input[str]
    """Hosted zone id of the target, which is an output of both."""
    ipv6: bool = True
    """Whether the target has IPv6 addresses (a distribution with IPv6, a dual-stack load balancer)."""
    evaluate_target_health: bool = False
    """Whether Route 53 omits an unhealthy load balancer. It must be false for a distribution."""
    allow_overwrite: bool = False
    """Whether existing records of the name are replaced. False protects a site that the name serves today."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name)


class AliasRecord(ComponentResource):
    """Alias records in both address families, so that IPv6-only clients can connect."""

    fqdn: Output[str]
    """Full name of the records, available once the A record exists."""

    def __init__(self, name: str, args: AliasRecordArgs, opts: ResourceOptions | None = None) -> None:
        # A name that another host served before moves back by an update of its record.
        aliased = ResourceOptions.merge(opts, ResourceOptions(aliases=[Alias(type_=HOST_RECORD)]))
        super().__init__("tierup:aws:AliasRecord", name, None, aliased)
        self._logical_name = name
        ipv4 = self._record("A", args)
        if args.ipv6:
            self._record("AAAA", args)

        self.fqdn = ipv4.fqdn
        self.register_outputs({"fqdn": self.fqdn})

    def _record(self, kind: str, args: AliasRecordArgs) -> aws.route53.Record:
        return aws.route53.Record(
            f"{self._logical_name}-{kind.lower()}",
            zone_id=args.zone_id,
            name=args.domain_name,
            type=kind,
            aliases=[
                {
                    "name": args.target_domain_name,
                    "zone_id": args.target_zone_id,
                    "evaluate_target_health": args.evaluate_target_health,
                }
            ],
            allow_overwrite=args.allow_overwrite,
            opts=ResourceOptions(parent=self),
        )
