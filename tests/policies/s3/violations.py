"""A violation of each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.policies.evaluation import ABSENT
from tests.policies.s3.compliant import tls_only
from tests.policies.violations import Violation

POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def _over_plain_http(policy: str) -> str:
    document = json.loads(policy)
    document["Statement"] = [each for each in document["Statement"] if each["Effect"] == "Allow"]
    return json.dumps(document)


def _for_everyone(policy: str) -> str:
    document = json.loads(policy)
    document["Statement"].append({"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"})
    return json.dumps(document)


def _keeping_parts(rules: list[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return [{key: rule[key] for key in rule if key != "abortIncompleteMultipartUpload"} for rule in rules]


def added_bucket(**inputs: Any) -> tuple[str, Mapping[str, Any]]:
    """Return another bucket that complies with every rule except S3-001, which needs a separate resource."""
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


NOT_BLOCKED = {"S3-001": "blocking public access needs a separate resource, and the violation adds only one"}

VIOLATIONS: Mapping[str, Violation] = {
    "S3-001": Violation("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"blockPublicPolicy": False}),
    "S3-002": Violation(POLICY, {"policy": _over_plain_http}),
    "S3-003": Violation(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules[0].applyServerSideEncryptionByDefault": ABSENT},
    ),
    "S3-004": Violation(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"versioningConfiguration.status": "Suspended"},
        also={"BCK-005": "an overwritten file has no older version to restore"},
    ),
    "S3-005": Violation("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {"rules": _keeping_parts}),
    "S3-006": Violation(POLICY, {"policy": _for_everyone}),
    "S3-007": Violation(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls", {"rule.objectOwnership": "ObjectWriter"}
    ),
}
