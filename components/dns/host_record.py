"""A record in a Route 53 zone for a host outside AWS: an A record with its address, or a CNAME record with its name.

It does not create the zone. The record has the logical name and the URN of AliasRecord's A record, so a name moves
between AWS and a host by an update: Route 53 then changes the type in one atomic batch of its API
(resourceRecordUpdate in internal/service/route53/record.go of terraform-provider-aws, read 2026-11-28).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

import pulumi_aws as aws
from pulumi import Alias, ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name

TTL_SECONDS = 60
"""Clients follow within a minute when the name moves."""
ALIAS_RECORD = "tierup:aws:AliasRecord"
HOST_RECORD = "tierup:aws:HostRecord"


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRecordArgs:
    """Arguments of HostRecord. Record sets have no tags."""

    domain_name: str
    """Full name of the record in lower case, without a final dot."""
    zone_id: Input[str]
    """Id of the name's hosted zone."""
    address: str | None = None
    """IPv4 address of the host. Exactly one of address and target is given; the zone's apex needs an address."""
    target: Input[str] | None = None
    """Host name of the host, for a CNAME record."""
    verification: tuple[Input[str], Input[str]] | None = None
    """The name and value of a TXT record that proves the ownership of the name to the host."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name)
        if (self.address is None) == (self.target is None):
            raise ValueError(
                f"address, target: exactly one is needed (got {self.address}, {self.target}). Give the address or the "
                "name of the host."
            )
        if self.address is not None:
            IPv4Address(self.address)


class HostRecord(ComponentResource):
    """The DNS record of a name that a host outside AWS serves."""

    fqdn: Output[str]
    """Full name of the record, available once it exists."""

    def __init__(self, name: str, args: HostRecordArgs, opts: ResourceOptions | None = None) -> None:
        aliased = ResourceOptions.merge(opts, ResourceOptions(aliases=[Alias(type_=ALIAS_RECORD)]))
        super().__init__("tierup:aws:HostRecord", name, None, aliased)
        value: Input[str] = (args.address or "") if args.target is None else args.target
        record = aws.route53.Record(
            f"{name}-a",
            zone_id=args.zone_id,
            name=args.domain_name,
            type="CNAME" if args.address is None else "A",
            ttl=TTL_SECONDS,
            records=[value],
            opts=ResourceOptions(parent=self),
        )
        if args.verification is not None:
            text_name, text_value = args.verification
            aws.route53.Record(
                f"{name}-verification",
                zone_id=args.zone_id,
                name=text_name,
                type="TXT",
                ttl=TTL_SECONDS,
                records=[text_value],
                opts=ResourceOptions(parent=self),
            )
        self.fqdn = record.fqdn
        self.register_outputs({"fqdn": self.fqdn})
