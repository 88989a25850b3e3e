"""A private, versioned S3 bucket: the part that log buckets and site buckets share.

Creates, as children of the calling component, the bucket, its public access block, ownership controls, encryption and
versioning. Policy and lifecycle differ, so the calling component creates them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions


class PrivateBucket:
    """The bucket's resources, as children of `child.parent`. Not a component: the calling component is."""

    bucket: aws.s3.Bucket
    """The bucket."""
    public_access: aws.s3.BucketPublicAccessBlock
    """Its public access block."""
    ownership: aws.s3.BucketOwnershipControls
    """Its ownership controls, without ACLs."""
    versioning: aws.s3.BucketVersioning
    """Its versioning."""

    def __init__(
        self,
        name: str,
        *,
        force_destroy: bool,
        tags: Mapping[str, str],
        child: ResourceOptions,
        region: str | None = None,
    ) -> None:
        """Create the resources. `force_destroy` allows a destroy to delete the objects; `region` None is the
        provider's."""
        self.bucket = aws.s3.Bucket(
            f"{name}-bucket", region=region, force_destroy=force_destroy, tags={**tags, "Name": name}, opts=child
        )
        self.public_access = aws.s3.BucketPublicAccessBlock(
            f"{name}-public-access",
            region=region,
            bucket=self.bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        self.ownership = aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            region=region,
            bucket=self.bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=child,
        )
        # S3-managed keys: a load balancer cannot write to a bucket with a KMS key (log_bucket.py), and a site's files
        # are public, so a KMS key would only add the cost of a call per request.
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            region=region,
            bucket=self.bucket.bucket,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=child,
        )
        self.versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            region=region,
            bucket=self.bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=child,
        )


def tls_only(bucket_arn: Input[str]) -> Mapping[str, object]:
    """Return the statement of a bucket policy that denies plain HTTP."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, Output.concat(bucket_arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
