"""A fault for each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.policies.storage.compliant import tls_only
from tests.policies.violations import Violation

POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def _over_plain_http(policy: str) -> str:
    document = json.loads(policy)
    document["Statement"] = [each for each in document["Statement"] if each["Effect"] == "Allow"]
    return json.dumps(document)


def _for_everybody(policy: str) -> str:
    document = json.loads(policy)
    document["Statement"].append({"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"})
    return json.dumps(document)


def _keeping_parts(rules: list[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return [{key: rule[key] for key in rule if key != "abortIncompleteMultipartUpload"} for rule in rules]


def added_bucket(**inputs: Any) -> tuple[str, Mapping[str, Any]]:
    """One more bucket, which keeps all that it can keep by itself: S3-001 alone needs a resource beside it."""
    name = "an-added-bucket"
    return "aws:s3/bucket:Bucket", {
        "bucket": name,
        "policy": json.dumps({"Statement": [tls_only(name)]}),
        "lifecycleRules": [{"enabled": True, "abortIncompleteMultipartUploadDays": 7}],
        "serverSideEncryptionConfiguration": {
            "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
        },
        "versioning": {"enabled": True},
        **inputs,
    }


NOT_BLOCKED = {"S3-001": "only a resource of its own can block public access, and one resource is added"}

VIOLATIONS: Mapping[str, Violation] = {
    "S3-001": Violation("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"blockPublicPolicy": False}),
    "S3-002": Violation(POLICY, {"policy": _over_plain_http}),
    "S3-003": Violation("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {}),
    "S3-004": Violation(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"versioningConfiguration.status": "Suspended"},
        also={"BCK-005": "a file that is overwritten has no older version to come back from"},
    ),
    "S3-005": Violation("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {"rules": _keeping_parts}),
    "S3-006": Violation(POLICY, {"policy": _for_everybody}),
    "S3-007": Violation(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls", {"rule.objectOwnership": "ObjectWriter"}
    ),
}
