"""A name in a Route 53 zone that answers with the addresses of a distribution or a load balancer.

Makes: an A and an AAAA alias record. Not here: the zone, health checks. Alias queries to AWS targets cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasRecordArgs:
    """What one name needs. Record sets have no tags."""

    domain_name: str
    """Full name, lower case, without a final dot."""
    zone_id: Input[str]
    """The zone that the name is in."""
    target_domain_name: Input[str]
    """Host name of the distribution or load balancer."""
    target_zone_id: Input[str]
    """The target's own hosted zone id (an output of each), not the zone above."""
    ipv6: bool = True
    """Whether the target has IPv6 addresses (a distribution with IPv6, a dual-stack load balancer)."""
    evaluate_target_health: bool = False
    """Let Route 53 leave out an unhealthy load balancer. It cannot be true for a distribution."""
    take_over: bool = False
    """Replace records that already stand at the name. Off: a site that lives there now must not be cut off unseen."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name, "Route 53 would add the zone's name to a shorter one")


class AliasRecord(ComponentResource):
    """An alias in both address families, so that IPv6-only clients reach it too."""

    fqdn: Output[str]
    """The name, known once it stands in the zone."""

    def __init__(self, name: str, args: AliasRecordArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:DnsAlias", name, None, opts)
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
            allow_overwrite=args.take_over,
            opts=ResourceOptions(parent=self),
        )
