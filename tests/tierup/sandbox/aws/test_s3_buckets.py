"""Tests of the behaviour rows of S3 buckets."""

from __future__ import annotations

import pytest

from .account import Account
from .s3_inputs import BUCKET, OBJECT, VERSIONING


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
