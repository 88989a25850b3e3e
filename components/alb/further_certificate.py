"""A further certificate of an HTTPS listener, for another host name than that of its default certificate.

Creates the listener certificate only. It does not create the listener or the certificate. The load balancer
chooses the certificate by the host name of the TLS handshake (SNI).
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html (from memory)
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class FurtherCertificateArgs:
    """Arguments of FurtherCertificate."""

    listener_arn: Input[str]
    """ARN of the HTTPS listener."""
    certificate_arn: Input[str]
    """ARN of an issued certificate in the listener's region."""


class FurtherCertificate(ComponentResource):
    """A certificate that the listener has besides its default one."""

    def __init__(self, name: str, args: FurtherCertificateArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:FurtherCertificate", name, None, opts)
        aws.lb.ListenerCertificate(
            f"{name}-listener",
            listener_arn=args.listener_arn,
            certificate_arn=args.certificate_arn,
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
