"""An S3 bucket that nobody outside reads and that keeps what was overwritten: the part that logs' and sites' share.

Makes, as children of whoever asks: the bucket, its public access block, ownership, encryption and versioning. What it
lets in and what it forgets, its policy and lifecycle, differ by what is kept in it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions


class PrivateBucket:
    """`name`'s bucket, made as children of `child.parent`. No component: it belongs to what is kept in it."""

    bucket: aws.s3.Bucket
    public_access: aws.s3.BucketPublicAccessBlock
    ownership: aws.s3.BucketOwnershipControls
    versioning: aws.s3.BucketVersioning

    def __init__(
        self,
        name: str,
        *,
        force_destroy: bool,
        tags: Mapping[str, str],
        child: ResourceOptions,
        region: str | None = None,
    ) -> None:
        """`force_destroy`: a destroy may delete it with what is in it. `region` None is the provider's."""
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
        # S3's own key: a load balancer cannot write to a bucket encrypted by a KMS key (see log_bucket); a site's files
        # are public by purpose, and a KMS key would cost a call for each file served.
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
    """The statement of a bucket's policy that refuses plain HTTP to everybody."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, Output.concat(bucket_arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
