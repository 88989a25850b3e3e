"""Types and policies of S3 for the tests."""

from __future__ import annotations

BUCKET = "aws:s3/bucket:Bucket"

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
