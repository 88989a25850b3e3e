"""Whose client certificates a load balancer accepts: the certificate authorities of mutual TLS.

Makes: the trust store. Not here: the bucket that holds the bundle, and the listener that verifies against it
(LoadBalancerArgs.trust_store_arn).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alb.target_group import check_name_fits


@dataclass(frozen=True, kw_only=True, slots=True)
class TrustStoreArgs:
    """What one trust store needs."""

    bundle_bucket: Input[str]
    """Name of the bucket; in the load balancer's region."""
    bundle_key: str
    """Key of a PEM file: root and intermediate certificates, one after the other."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    bundle_version: Input[str] | None = None
    """The object's version: giving the new one is what takes a changed bundle over. AWS copies it once and does not
    look again."""

    def __post_init__(self) -> None:
        if not self.bundle_key or self.bundle_key.startswith("/"):
            raise ValueError(f"bundle_key: got {self.bundle_key!r}, allowed the key of an object, without / in front")


class TrustStore(ComponentResource):
    """The certificate authorities whose clients may come in."""

    arn: Output[str]
    """For LoadBalancerArgs.trust_store_arn."""

    def __init__(self, name: str, args: TrustStoreArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:TrustStore", name, None, opts)
        check_name_fits(name, "-trust")
        store = aws.lb.TrustStore(
            f"{name}-trust",
            ca_certificates_bundle_s3_bucket=args.bundle_bucket,
            ca_certificates_bundle_s3_key=args.bundle_key,
            ca_certificates_bundle_s3_object_version=args.bundle_version,
            tags={**args.tags, "Name": f"{name}-trust"},
            opts=ResourceOptions(parent=self),
        )
        self.arn = store.arn
        self.register_outputs({"arn": self.arn})
