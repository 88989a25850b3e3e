"""A fault for each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.policies.breaks import Break

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


BREAKS: Mapping[str, Break] = {
    "S3-001": Break("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"blockPublicPolicy": False}),
    "S3-002": Break(POLICY, {"policy": _over_plain_http}),
    "S3-003": Break("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {}),
    "S3-004": Break(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"versioningConfiguration.status": "Suspended"},
        also={"BCK-005": "a file that is overwritten has no older version to come back from"},
    ),
    "S3-005": Break("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {"rules": _keeping_parts}),
    "S3-006": Break(POLICY, {"policy": _for_everybody}),
    "S3-007": Break("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {"rule.objectOwnership": "ObjectWriter"}),
}
