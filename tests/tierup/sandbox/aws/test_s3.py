"""Tests of the behaviour rows of S3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .account import Account

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"


def policy(principal: Any = "*", resource: str = "arn:aws:s3:::site-1/*", **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_bucket_outputs_match_aws() -> None:
    bucket = Account().make(BUCKET, "site")
    assert bucket.id.startswith("site-")
    assert bucket.outputs["arn"] == f"arn:aws:s3:::{bucket.id}"
    assert bucket.outputs["bucketRegionalDomainName"] == f"{bucket.id}.s3.eu-west-1.amazonaws.com"
    assert bucket.outputs["hostedZoneId"] == "Z1BKCTXD74EZPE"


@pytest.mark.parametrize(
    "name",
    ["ab", "Upper", "under_score", "-a-b", "a..b", "192.168.5.4", "xn--abc", "sthree-x", "abc-s3alias", "x" * 64],
)
def test_invalid_bucket_name_is_rejected(name: str) -> None:
    assert Account().codes(BUCKET, bucket=name)


@pytest.mark.parametrize("name", ["abc", "my.bucket-1", "0day", "x" * 63])
def test_valid_bucket_name_is_accepted(name: str) -> None:
    assert not Account().codes(BUCKET, bucket=name)


def test_bucket_name_is_unique_across_regions() -> None:
    here = Account()
    here.make(BUCKET, bucket="site-1")
    assert Account("us-east-1", here.cloud).codes(BUCKET, "other", bucket="site-1") == {"BucketAlreadyExists"}


def test_bucket_with_objects_cannot_be_deleted_without_force() -> None:
    account = Account()
    kept, forced = account.make(BUCKET, bucket="site-1"), account.make(BUCKET, bucket="site-2", forceDestroy=True)
    for bucket in (kept, forced):
        account.make(OBJECT, bucket.id, bucket=bucket.id, key="index.html", content="<html>")
    assert account.delete_codes(kept) == {"BucketNotEmpty"}
    assert not account.delete_codes(forced)


def test_settings_do_not_block_bucket_deletion() -> None:
    account = Account()
    bucket = account.make(BUCKET, bucket="site-1")
    account.make(VERSIONING, bucket="site-1", versioningConfiguration={"status": "Enabled"})
    assert not account.delete_codes(bucket)


def test_second_setting_of_same_type_is_rejected() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    account.make(BLOCK, "first", bucket="site-1")
    assert account.codes(BLOCK, "second", bucket="site-1") == {"OperationAborted"}
    assert not account.codes(BLOCK, "first", bucket="site-1")  # a repeated create after the engine was killed
    assert account.codes(BLOCK, "lost", bucket="nobody") == {"NoSuchBucket"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "MalformedPolicy"),
        (policy(resource="arn:aws:s3:::other/*"), "MalformedPolicy"),
        (policy(), "AccessDenied"),
        (policy({"AWS": "*"}), "AccessDenied"),
    ],
)
def test_invalid_bucket_policy_is_rejected(text: str, code: str) -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    account.make(BLOCK, bucket="site-1", blockPublicPolicy=True)
    assert account.codes(POLICY, bucket="site-1", policy=text) == {code}


def test_new_bucket_blocks_public_policy_by_default() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    assert account.codes(POLICY, bucket="site-1", policy=policy()) == {"AccessDenied"}
    account.make(BLOCK, bucket="site-1", blockPublicPolicy=False)
    assert not account.codes(POLICY, bucket="site-1", policy=policy())


def test_policy_for_one_distribution_is_not_public() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    narrowed = policy(Condition={"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"}})
    assert not account.codes(POLICY, bucket="site-1", policy=narrowed)
    service = policy({"Service": "cloudfront.amazonaws.com"})
    assert not account.codes(POLICY, bucket="site-1", policy=service)


def test_enabled_versioning_cannot_be_disabled() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    versioning = account.make(VERSIONING, bucket="site-1", versioningConfiguration={"status": "Enabled"})
    assert not account.change_codes(versioning, versioningConfiguration={"status": "Suspended"})
    assert account.change_codes(versioning, versioningConfiguration={"status": "Disabled"}) == {
        "IllegalVersioningConfigurationException"
    }


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"id": "a", "status": "On", "expiration": {"days": 1}}, "InvalidValue"),
        ({"id": "a", "status": "Enabled"}, "InvalidRequest"),
        (
            {"id": "a", "status": "Enabled", "transitions": [{"storageClass": "STANDARD_IA", "days": 7}]},
            "InvalidArgument",
        ),
        (
            {
                "id": "a",
                "status": "Enabled",
                "expiration": {"days": 30},
                "transitions": [{"storageClass": "GLACIER", "days": 60}],
            },
            "InvalidArgument",
        ),
    ],
)
def test_invalid_lifecycle_rule_is_rejected(rule: dict[str, Any], code: str) -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    assert account.codes(LIFECYCLE, bucket="site-1", rules=[rule]) == {code}


def test_valid_lifecycle_rule_is_accepted() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    rule = {
        "id": "old",
        "status": "Enabled",
        "expiration": {"days": 90},
        "transitions": [{"storageClass": "STANDARD_IA", "days": 30}],
    }
    assert not account.codes(LIFECYCLE, bucket="site-1", rules=[rule])
    assert account.codes(LIFECYCLE, bucket="site-1", rules=[rule, rule]) == {"InvalidArgument"}


def test_log_bucket_must_be_in_same_region() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    account.make(BUCKET, bucket="logs-1")
    Account("us-east-1", account.cloud).make(BUCKET, bucket="logs-2")
    assert not account.codes(LOGGING, bucket="site-1", targetBucket="logs-1", targetPrefix="s3/")
    far = account.codes(LOGGING, bucket="site-1", targetBucket="logs-2", targetPrefix="s3/")
    assert far == {"CrossLocationLoggingProhibited"}
    assert account.codes(LOGGING, bucket="site-1", targetBucket="none", targetPrefix="") == {
        "InvalidTargetBucketForLogging"
    }


def test_kms_key_requires_kms_algorithm_and_existing_key() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    key = account.make("aws:kms/key:Key", "key")

    def codes(algorithm: str, key_id: str) -> set[str]:
        default = {"sseAlgorithm": algorithm, "kmsMasterKeyId": key_id}
        return account.codes(ENCRYPTION, bucket="site-1", rules=[{"applyServerSideEncryptionByDefault": default}])

    assert not codes("aws:kms", key.outputs["arn"])
    assert codes("AES256", key.outputs["arn"]) == {"InvalidArgument"}
    assert codes("aws:kms", "alias/none") == {"KMS.NotFoundException"}


def test_object_etag_follows_content() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    made = account.make(OBJECT, bucket="site-1", key="a.txt", content="one")
    assert made.id == "site-1/a.txt"
    assert made.outputs["etag"] == "f97c5d29941bfb1b2fdab0874906ab82"
    assert account.change(made, content="two").outputs["etag"] == "b8a9f715dbb64fd5c56e7783c6820a61"
    assert account.replaced_by(made, key="b.txt") == {"key"}


REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"


def replicating(account: Account, *, versions: tuple[str, ...] = ("site", "copy")) -> dict[str, Any]:
    role = account.add_existing("aws:iam/role:Role", "copier", arn="arn:aws:iam::123456789012:role/copier")
    buckets = {name: account.make(BUCKET, name) for name in ("site", "copy")}
    for name in versions:
        account.make(VERSIONING, name, bucket=buckets[name].id, versioningConfiguration={"status": "Enabled"})
    rule = {
        "id": "all",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "deleteMarkerReplication": {"status": "Enabled"},
        "destination": {"bucket": buckets["copy"].outputs["arn"]},
    }
    return {"bucket": buckets["site"].id, "role": role.outputs["arn"], "rules": [rule]}


@pytest.mark.parametrize("versions", [(), ("site",), ("copy",)])
def test_replication_requires_versioning_on_both_buckets(versions: tuple[str, ...]) -> None:
    account = Account()
    assert account.codes(REPLICATION, **replicating(account, versions=versions)) == {"InvalidRequest"}


def test_replication_configuration_is_validated() -> None:
    account = Account()
    inputs = replicating(account)
    made = account.make(REPLICATION, "it", **inputs)
    assert made.id == inputs["bucket"]
    assert account.replaced_by(made, bucket="other") == {"bucket"}
    (rule,) = inputs["rules"]
    without = {key: value for key, value in rule.items() if key != "deleteMarkerReplication"}
    assert account.codes(REPLICATION, **{**inputs, "rules": [without]}) == {"InvalidRequest"}
    nowhere = {**rule, "destination": {"bucket": "arn:aws:s3:::nowhere"}}
    assert account.codes(REPLICATION, "other", **{**inputs, "rules": [nowhere]})
