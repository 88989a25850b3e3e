"""The separate resources that configure the bucket of ../compliant.py."""

from __future__ import annotations

import json

import pulumi_aws as aws

BUCKET = "tierup-tests"
ARN = f"arn:aws:s3:::{BUCKET}"


def deploy() -> None:
    """Declare the resources."""
    aws.s3.BucketPolicy(
        "bucket-policy",
        bucket=BUCKET,
        policy=json.dumps({"Version": "2012-10-17", "Statement": [tls_only(), read_by_cdn()]}),
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "bucket-encryption",
        bucket=BUCKET,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
    )
    aws.s3.BucketVersioning("bucket-versioning", bucket=BUCKET, versioning_configuration={"status": "Enabled"})
    aws.s3.BucketLifecycleConfiguration(
        "bucket-lifecycle",
        bucket=BUCKET,
        rules=[
            {
                "id": "leftovers",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                "noncurrent_version_expiration": {"noncurrent_days": 30},
            }
        ],
    )
    aws.s3.BucketOwnershipControls("bucket-ownership", bucket=BUCKET, rule={"object_ownership": "BucketOwnerEnforced"})
    aws.s3.BucketObjectv2("bucket-index", bucket=BUCKET, key="index.html", content="<!doctype html>")


def tls_only(bucket: str = BUCKET) -> dict[str, object]:
    """Return the statement that denies plain HTTP."""
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def read_by_cdn() -> dict[str, object]:
    """Return the statement that allows one distribution to read."""
    return {
        "Sid": "DistributionReads",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"{ARN}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1"}},
    }
