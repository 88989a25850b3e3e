"""Authenticated origin pulls: Cloudflare shows the load balancer a client certificate of ours (mutual TLS).

Makes: the certificate at Cloudflare and the zone's switch. Not here: the load balancer's trust store, which holds the
certificate authority that signed it (trust_store.py, LoadBalancerArgs.trust_store_arn).

An option beside the secret header of cloudflare_origin.py: there a request is refused after it was read, here before
the first byte of it. The zone's certificate, not the one that Cloudflare shares among all customers: that would only
show that somebody came through Cloudflare. Turn it on here first and on the load balancer after: the other way round
the load balancer refuses everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareOriginPullsArgs:
    """What Cloudflare shows."""

    zone_id: Input[str]
    """The zone whose proxied names show it, all of them."""
    certificate: str
    """PEM, signed by the authority that the load balancer trusts. Expires: give the new one before."""
    private_key: Input[str]
    """Secret; PEM."""

    def __post_init__(self) -> None:
        if not self.certificate.lstrip().startswith("-----BEGIN CERTIFICATE-----"):
            raise ValueError(
                f"certificate: got {self.certificate.strip()[:20]!r}..., allowed PEM text that begins with "
                "-----BEGIN CERTIFICATE-----: Cloudflare takes no other form"
            )


class CloudflareOriginPulls(ComponentResource):
    """Holds for every name of the zone."""

    certificate_id: Output[str]
    """Cloudflare's id of it."""

    def __init__(self, name: str, args: CloudflareOriginPullsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:OriginPulls", name, None, opts)
        certificate = cloudflare.AuthenticatedOriginPullsCertificate(
            f"{name}-certificate",
            zone_id=args.zone_id,
            certificate=args.certificate,
            private_key=Output.secret(args.private_key),
            opts=ResourceOptions(parent=self, additional_secret_outputs=["privateKey"]),
        )
        cloudflare.AuthenticatedOriginPullsSettings(
            f"{name}-switch",
            zone_id=args.zone_id,
            enabled=True,
            opts=ResourceOptions(parent=self, depends_on=[certificate]),
        )
        self.certificate_id = certificate.id
        self.register_outputs({"certificate_id": self.certificate_id})
