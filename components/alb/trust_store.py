"""The trust store of mutual TLS: the certificate authorities whose client certificates a load balancer accepts.

Creates the trust store. It does not create the bucket of the CA bundle, or the listener that verifies client
certificates (LoadBalancerArgs.trust_store_arn).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alb.target_group import check_name_length


@dataclass(frozen=True, kw_only=True, slots=True)
class TrustStoreArgs:
    """Arguments of TrustStore. Raises ValueError for an object key that starts with / or is empty."""

    bundle_bucket: Input[str]
    """Name of the bucket of the CA bundle, in the load balancer's region."""
    bundle_key: str
    """Object key of the CA bundle, a PEM file with the root and intermediate certificates."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    bundle_version: Input[str] | None = None
    """Object version of the CA bundle. Set the new version to load a changed bundle: AWS copies the object once."""

    def __post_init__(self) -> None:
        if not self.bundle_key or self.bundle_key.startswith("/"):
            raise ValueError(
                f"bundle_key: not an object key (got {self.bundle_key!r}). "
                "Set the key of an object, without a leading /."
            )


class TrustStore(ComponentResource):
    """A trust store with the certificate authorities of one CA bundle."""

    arn: Output[str]
    """ARN of the trust store, for LoadBalancerArgs.trust_store_arn."""

    def __init__(self, name: str, args: TrustStoreArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:TrustStore", name, None, opts)
        check_name_length(name, "-trust")
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
