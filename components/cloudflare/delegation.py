"""The delegation of a name in a Cloudflare zone to the name servers of another DNS provider, by NS records.

https://developers.cloudflare.com/dns/manage-dns-records/how-to/subdomains-outside-cloudflare/ (read 2026-11-29)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.cloudflare.dns_record import AUTOMATIC_TTL
from components.dns.host_name import check_host_name
from components.dns.hosted_zone import NAME_SERVERS


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareDelegationArgs:
    """Arguments of CloudflareDelegation."""

    domain_name: str
    """The delegated name in lower case, without a final dot. It is not the name of the zone."""
    zone_id: Input[str]
    """Id of the Cloudflare zone."""
    name_servers: Input[Sequence[str]]
    """Host names of the four name servers, as HostedZone has them."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name)


class CloudflareDelegation(ComponentResource):
    """The NS records of a delegated name."""

    fqdn: Output[str]
    """Full name, available once it is delegated."""

    def __init__(self, name: str, args: CloudflareDelegationArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareDelegation", name, None, opts)
        servers = Output.from_input(args.name_servers)
        # The names are known only after the zone exists, and their number before: previews show all records.
        records = [
            cloudflare.DnsRecord(
                f"{name}-ns{number + 1}",
                zone_id=args.zone_id,
                name=args.domain_name,
                type="NS",
                content=servers[number],
                ttl=AUTOMATIC_TTL,
                proxied=False,
                opts=ResourceOptions(parent=self),
            ).name
            for number in range(NAME_SERVERS)
        ]
        self.fqdn = Output.all(*records).apply(lambda names: names[0])
        self.register_outputs({"fqdn": self.fqdn})
