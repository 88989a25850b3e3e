"""Authenticated Origin Pulls: Cloudflare presents a client certificate to the load balancer (mutual TLS).

Creates the zone's certificate and enables the feature. components/alb/trust_store.py creates the load balancer's trust
store, with the certificate authority that signed the certificate.

It complements the secret header of origin_rules.py: mutual TLS rejects a connection before the request is read, the
header after. The certificate belongs to the zone, because Cloudflare's shared certificate only proves that a request
passed through Cloudflare, for any customer. Enable it here first and on the load balancer second; the load balancer
would otherwise reject every request.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareOriginPullsArgs:
    """Arguments of CloudflareOriginPulls."""

    zone_id: Input[str]
    """Id of the zone. Cloudflare presents the certificate for all its proxied names."""
    certificate: str
    """Certificate in PEM form, signed by the authority that the load balancer trusts. Replace it before it expires."""
    private_key: Input[str]
    """Private key of the certificate in PEM form; secret."""

    def __post_init__(self) -> None:
        if not self.certificate.lstrip().startswith("-----BEGIN CERTIFICATE-----"):
            raise ValueError(
                f"certificate: not in PEM form (got {self.certificate.strip()[:20]!r}...). Give the text that begins "
                "with -----BEGIN CERTIFICATE-----."
            )


class CloudflareOriginPulls(ComponentResource):
    """The client certificate that Cloudflare presents to a zone's origins."""

    certificate_id: Output[str]
    """Cloudflare's id of the certificate."""

    def __init__(self, name: str, args: CloudflareOriginPullsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareOriginPulls", name, None, opts)
        certificate = cloudflare.AuthenticatedOriginPullsCertificate(
            f"{name}-certificate",
            zone_id=args.zone_id,
            certificate=args.certificate,
            private_key=Output.secret(args.private_key),
            opts=ResourceOptions(parent=self, additional_secret_outputs=["privateKey"]),
        )
        cloudflare.AuthenticatedOriginPullsSettings(
            f"{name}-settings",
            zone_id=args.zone_id,
            enabled=True,
            opts=ResourceOptions(parent=self, depends_on=[certificate]),
        )
        self.certificate_id = certificate.id
        self.register_outputs({"certificate_id": self.certificate_id})
