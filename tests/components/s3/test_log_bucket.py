"""The log bucket: access settings, encryption, policy and lifecycle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.s3.log_bucket import LogBucket, LogBucketArgs
from tests.components.policy_documents import allowed_actions, statements
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

ARGS = LogBucketArgs(account_id=ACCOUNT, region=REGION, retention_days=90, tags={"Stack": "dev"})
BUCKET_ARN = "arn:aws:s3:::logs-bucket-1a2b3c4"
BUCKET_OUTPUTS = {"aws:s3/bucket:Bucket": {"bucket": "logs-bucket-1a2b3c4", "arn": BUCKET_ARN}}


@pytest.fixture(scope="module")
def recording() -> Recording[LogBucket]:
    return record(lambda: LogBucket("logs", ARGS), outputs=BUCKET_OUTPUTS)


def test_creates_exactly_these_resources(recording: Recording[LogBucket]) -> None:
    parts = ("bucket", "public-access", "ownership", "encryption", "versioning", "lifecycle", "policy")

    assert recording.tree() == {"logs": None, **{f"logs-{part}": "logs" for part in parts}}


def test_bucket_blocks_public_access(recording: Recording[LogBucket]) -> None:
    block = recording.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs

    assert {key: value for key, value in block.items() if key != "bucket"} == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    ownership = recording.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
    assert ownership.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_bucket_is_encrypted_with_s3_managed_keys(recording: Recording[LogBucket]) -> None:
    encryption = recording.named("logs-encryption")

    assert encryption.inputs["rules"] == [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]


def test_policy_denies_plain_http(recording: Recording[LogBucket]) -> None:
    tls_only = statements(recording.named("logs-policy"))[0]

    assert (tls_only["Effect"], tls_only["Principal"], tls_only["Action"]) == ("Deny", "*", "s3:*")
    assert tls_only["Resource"] == [BUCKET_ARN, f"{BUCKET_ARN}/*"]
    assert tls_only["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_policy_allows_log_delivery_of_the_account_only(recording: Recording[LogBucket]) -> None:
    _, load_balancers, cloudfront = statements(recording.named("logs-policy"))

    assert load_balancers["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert load_balancers["Resource"] == f"{BUCKET_ARN}/AWSLogs/{ACCOUNT}/*"
    assert load_balancers["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/*"}
    }
    assert cloudfront["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert cloudfront["Resource"] == f"{BUCKET_ARN}/AWSLogs/{ACCOUNT}/*"
    assert cloudfront["Condition"] == {
        "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:delivery-source:*"},
    }
    assert allowed_actions(recording) == {"s3:PutObject"}


def test_lifecycle_expires_logs_and_their_leftovers(recording: Recording[LogBucket]) -> None:
    lifecycle = recording.named("logs-lifecycle")
    logs, leftovers = lifecycle.inputs["rules"]

    assert logs["expiration"] == {"days": 90}
    assert logs["noncurrentVersionExpiration"] == {"noncurrentDays": 7}
    assert leftovers["expiration"] == {"expiredObjectDeleteMarker": True}
    assert leftovers["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert {rule["status"] for rule in (logs, leftovers)} == {"Enabled"}
    # Rules for noncurrent versions require versioning.
    assert "logs-versioning" in lifecycle.opts.depends_on


def test_name_and_arn_depend_on_the_policy(recording: Recording[LogBucket]) -> None:
    assert recording.value(recording.result.bucket_name) == "logs-bucket-1a2b3c4"
    assert recording.sources(recording.result.bucket_name) == {"logs-bucket", "logs-policy"}
    assert recording.sources(recording.result.bucket_arn) == {"logs-bucket", "logs-policy"}


def test_policy_depends_on_the_other_access_settings(recording: Recording[LogBucket]) -> None:
    assert {"logs-public-access", "logs-ownership"} <= recording.named("logs-policy").opts.depends_on


@pytest.mark.parametrize("force", [False, True])
def test_force_destroy_follows_the_argument(force: bool) -> None:
    recording = record(lambda: LogBucket("logs", replace(ARGS, force_destroy=force)), outputs=BUCKET_OUTPUTS)

    assert recording.one("aws:s3/bucket:Bucket").inputs["forceDestroy"] is force


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"^retention_days: must be positive \(got 0\)\. Give 1 or more"):
        replace(ARGS, retention_days=0)
