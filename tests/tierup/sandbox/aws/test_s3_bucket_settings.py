"""Tests of the behaviour rows of S3 bucket settings."""

from __future__ import annotations

from .account import Account
from .s3_inputs import BLOCK, BUCKET, VERSIONING

LOGGING = "aws:s3/bucketLogging:BucketLogging"

ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def test_second_setting_of_same_type_is_rejected() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    account.make(BLOCK, "first", bucket="site-1")
    assert account.codes(BLOCK, "second", bucket="site-1") == {"OperationAborted"}
    assert not account.codes(BLOCK, "first", bucket="site-1")  # a repeated create after the engine was killed
    assert account.codes(BLOCK, "lost", bucket="nobody") == {"NoSuchBucket"}


def test_enabled_versioning_cannot_be_disabled() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    versioning = account.make(VERSIONING, bucket="site-1", versioningConfiguration={"status": "Enabled"})
    assert not account.change_codes(versioning, versioningConfiguration={"status": "Suspended"})
    assert account.change_codes(versioning, versioningConfiguration={"status": "Disabled"}) == {
        "IllegalVersioningConfigurationException"
    }


def test_log_bucket_must_be_in_same_region() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    account.make(BUCKET, bucket="logs-1")
    Account("us-east-1", account.cloud).make(BUCKET, bucket="logs-2")
    assert not account.codes(LOGGING, bucket="site-1", targetBucket="logs-1", targetPrefix="s3/")
    in_other_region = account.codes(LOGGING, bucket="site-1", targetBucket="logs-2", targetPrefix="s3/")
    assert in_other_region == {"CrossLocationLoggingProhibited"}
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


ACL = "aws:s3/bucketAcl:BucketAcl"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"


def test_acl_requires_object_ownership_that_allows_acls() -> None:
    account = Account()
    account.make(BUCKET, "site", bucket="site-1")
    assert account.codes(ACL, bucket="site-1", acl="private") == {"AccessControlListNotSupported"}
    account.make(OWNERSHIP, bucket="site-1", rule={"objectOwnership": "BucketOwnerPreferred"})
    assert not account.codes(ACL, bucket="site-1", acl="private")
    assert account.codes(ACL, bucket="site-1", acl="public-read") == {"AccessDenied"}
    account.make(BLOCK, bucket="site-1", blockPublicAcls=False)
    assert not account.codes(ACL, bucket="site-1", acl="public-read")


def test_notification_requires_permission_for_s3() -> None:
    account = Account()
    account.make(BUCKET, "site", bucket="site-1")
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:resize"
    notification = {
        "bucket": "site-1",
        "lambdaFunctions": [{"lambdaFunctionArn": arn, "events": ["s3:ObjectCreated:*"]}],
    }
    assert account.codes(NOTIFICATION, **notification) == {"InvalidArgument"}
    account.add_existing("aws:lambda/permission:Permission", "resize", function=arn, principal="s3.amazonaws.com")
    assert not account.codes(NOTIFICATION, **notification)
