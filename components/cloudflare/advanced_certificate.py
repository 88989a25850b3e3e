"""An advanced certificate at Cloudflare's edge, for names that Universal SSL does not cover.

Creates the certificate pack. The zone must have Advanced Certificate Manager.
Universal SSL covers the zone's apex and one label below it; deeper names need an advanced certificate:
https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/ (read 2026-11-28)
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, Output, ResourceOptions

_MAX_HOSTS = 50
"""Hosts of one certificate. https://developers.cloudflare.com/ssl/edge-certificates/advanced-certificate-manager/
(read 2026-11-29: the zone's apex and up to 50 hosts)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdvancedCertificateArgs:
    """Arguments of AdvancedCertificate. Raises ValueError for no host, and for more hosts than a certificate has."""

    zone_id: Input[str]
    """Id of the zone."""
    hosts: tuple[str, ...]
    """Host names of the certificate; the zone's apex must be one of them. Repeated names count once."""

    def __post_init__(self) -> None:
        if not 0 < len(set(self.hosts)) <= _MAX_HOSTS:
            raise ValueError(
                f"hosts: not a number of hosts that a certificate has (got {len(set(self.hosts))}). "
                f"Set 1 to {_MAX_HOSTS} host names."
            )


class AdvancedCertificate(ComponentResource):
    """A certificate pack, validated by the zone's own DNS and renewed by Cloudflare."""

    certificate_pack_id: Output[str]
    """Id of the certificate pack."""

    def __init__(self, name: str, args: AdvancedCertificateArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:AdvancedCertificate", name, None, opts)
        pack = cloudflare.CertificatePack(
            f"{name}-pack",
            zone_id=args.zone_id,
            type="advanced",
            hosts=list(dict.fromkeys(args.hosts)),
            certificate_authority="google",
            validation_method="txt",
            validity_days=90,
            opts=ResourceOptions(parent=self),
        )
        self.certificate_pack_id = pack.id
        self.register_outputs({"certificate_pack_id": self.certificate_pack_id})
