"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break

BREAKS: Mapping[str, Break] = {
    "S3-001": Break("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"blockPublicPolicy": False}),
}
