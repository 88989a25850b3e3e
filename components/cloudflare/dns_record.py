"""DNS records in a Cloudflare zone: one proxied or DNS-only CNAME, and a certificate's validation records.

The zone exists beforehand. Cloudflare flattens a CNAME at the zone apex, so the apex needs no other kind of record.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name
from components.dns.validation import DnsValidation, ValidationRecord

AUTOMATIC_TTL = 1
"""Automatic TTL: required for proxied records, 300 s for DNS-only records."""


UNPROXIED_TTL_SECONDS = 60
"""TTL of DNS-only records, so that clients follow within a minute when the name is proxied later. 60 is the minimum
outside plan Enterprise (https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/, read 2026-11-28)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareRecordArgs:
    """Arguments of CloudflareRecord."""

    domain_name: str
    """Full name of the record in lower case, without a final dot."""
    zone_id: Input[str]
    """Id of the name's zone."""
    target: Input[str]
    """Host name of the load balancer or bucket."""
    proxied: bool = True
    """Whether Cloudflare proxies the name. If false, clients connect to the target without cache and WAF."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name)


class CloudflareRecord(ComponentResource):
    """A CNAME record, proxied or not."""

    fqdn: Output[str]
    """Full name of the record, available once the record exists."""

    def __init__(self, name: str, args: CloudflareRecordArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareRecord", name, None, opts)
        record = cloudflare.DnsRecord(
            f"{name}-cname",
            zone_id=args.zone_id,
            name=args.domain_name,
            type="CNAME",
            content=args.target,
            ttl=AUTOMATIC_TTL if args.proxied else UNPROXIED_TTL_SECONDS,
            proxied=args.proxied,
            opts=ResourceOptions(parent=self),
        )
        self.fqdn = record.name
        self.register_outputs({"fqdn": self.fqdn})


def certificate_records(zone_id: Input[str]) -> DnsValidation:
    """Return a creator of ACM validation records in a Cloudflare zone, for CertificateArgs.dns_validation."""

    def dns_validation(name: str, record: ValidationRecord, opts: ResourceOptions) -> Output[str]:
        return cloudflare.DnsRecord(
            name,
            zone_id=zone_id,
            # ACM returns names with a final dot. Cloudflare stores them without, so each preview would show a change.
            name=record.name.apply(_without_dot),
            type=record.type,
            content=record.value.apply(_without_dot),
            ttl=AUTOMATIC_TTL,
            proxied=False,
            opts=opts,
        ).name

    return dns_validation


def _without_dot(name: str) -> str:
    return name.removesuffix(".")
