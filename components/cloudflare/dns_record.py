"""A name in a Cloudflare zone: proxied, so that Cloudflare answers for it, or plain.

Makes: one CNAME record; and, for a certificate, its validation records. Not here: the zone. At the top of a zone
Cloudflare answers a CNAME with the addresses behind it, so every name is made alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name
from components.dns.validation import DnsValidation, ValidationRecord

AUTOMATIC_TTL = 1
"""What proxied records must have, and Cloudflare's 300 s for others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareRecordArgs:
    """What one name needs."""

    domain_name: str
    """Full name, lower case, without a final dot."""
    zone_id: Input[str]
    """The zone that the name is in."""
    target: Input[str]
    """Host name of the load balancer or bucket."""
    proxied: bool = True
    """Off, browsers see the target itself: no cache, no firewall."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name, "Cloudflare keeps records under their full names")


class CloudflareRecord(ComponentResource):
    """A name that browsers use."""

    fqdn: Output[str]
    """The name, known once it stands in the zone."""

    def __init__(self, name: str, args: CloudflareRecordArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:Name", name, None, opts)
        record = cloudflare.DnsRecord(
            f"{name}-cname",
            zone_id=args.zone_id,
            name=args.domain_name,
            type="CNAME",
            content=args.target,
            ttl=AUTOMATIC_TTL,
            proxied=args.proxied,
            opts=ResourceOptions(parent=self),
        )
        self.fqdn = record.name
        self.register_outputs({"fqdn": self.fqdn})


def certificate_records(zone_id: Input[str]) -> DnsValidation:
    """Writes an ACM certificate's validation records where Cloudflare keeps the zone, for CertificateArgs.prove."""

    def dns_validation(name: str, proof: ValidationRecord, opts: ResourceOptions) -> Output[str]:
        return cloudflare.DnsRecord(
            name,
            zone_id=zone_id,
            # ACM writes names with the final dot, Cloudflare keeps them without: left on, each preview sees a change.
            name=proof.name.apply(_without_dot),
            type=proof.type,
            content=proof.value.apply(_without_dot),
            ttl=AUTOMATIC_TTL,
            proxied=False,
            opts=opts,
        ).name

    return dns_validation


def _without_dot(name: str) -> str:
    return name.removesuffix(".")
