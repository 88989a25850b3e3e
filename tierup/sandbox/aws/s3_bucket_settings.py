"""S3: ownership, encryption, versioning, logging, CORS and notifications of a bucket."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Rejection,
    Stage,
    located,
    rule,
)
from .kms import key_exists
from .s3 import BUCKET, OWNER, VERSIONING, setting_row
from .sources import api, sdk

OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"


@rule("versioning-is-not-disabled", Stage.UPDATE, source=api("s3", "PutBucketVersioning"))
def _stays_versioned(call: Call) -> Iterator[Rejection]:
    before = (call.old or {}).get("versioningConfiguration", {}).get("status")
    if call.get("versioningConfiguration.status") == "Disabled" and before != "Disabled":
        yield Rejection(
            "versioningConfiguration.status",
            f"versioning is {before} and cannot be Disabled again. Allowed is Suspended.",
            "IllegalVersioningConfigurationException",
        )


@rule("kms-key-needs-kms-algorithm", Stage.PLAN, source=sdk("s3/bucketserversideencryptionconfiguration"))
def _kms_algorithm(call: Call) -> Iterator[Rejection]:
    for at, default in located(call.inputs, "rules[*].applyServerSideEncryptionByDefault"):
        if isinstance(default, dict) and default.get("kmsMasterKeyId") and default.get("sseAlgorithm") == "AES256":
            yield Rejection(
                f"{at}.kmsMasterKeyId",
                "allowed only with sseAlgorithm 'aws:kms' (got 'AES256')",
                "InvalidArgument",
            )


@rule("log-bucket-in-same-region", Stage.CREATE, Stage.UPDATE, source=api("s3", "PutBucketLogging"))
def _log_bucket(call: Call) -> Iterator[Rejection]:
    target = call.cloud.get(BUCKET, call.get("targetBucket"))
    if target is None:
        yield Rejection(
            "targetBucket", f"the bucket '{call.get('targetBucket')}' does not exist", "InvalidTargetBucketForLogging"
        )
    elif target.region != call.region:
        yield Rejection(
            "targetBucket",
            f"the target bucket is in {target.region}. Logs of a bucket in {call.region} must go to a bucket in"
            f" {call.region}.",
            "CrossLocationLoggingProhibited",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    setting_row(
        OWNERSHIP,
        "s3/bucketownershipcontrols",
        enums={"rule.objectOwnership": ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")},
    ),
    setting_row(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "s3/bucketserversideencryptionconfiguration",
        replaces=OWNER,
        enums={
            "rules[*].applyServerSideEncryptionByDefault.sseAlgorithm": ("AES256", "aws:kms", "aws:kms:dsse"),
        },
        rules=(
            _kms_algorithm,
            key_exists("rules[*].applyServerSideEncryptionByDefault.kmsMasterKeyId", "KMS.NotFoundException"),
        ),
    ),
    setting_row(
        VERSIONING,
        "s3/bucketversioning",
        replaces=OWNER,
        enums={
            "versioningConfiguration.status": ("Enabled", "Suspended", "Disabled"),
            "versioningConfiguration.mfaDelete": ("Enabled", "Disabled"),
        },
        rules=(_stays_versioned,),
    ),
    setting_row("aws:s3/bucketLogging:BucketLogging", "s3/bucketlogging", replaces=OWNER, rules=(_log_bucket,)),
    setting_row(
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "s3/bucketcorsconfiguration",
        replaces=OWNER,
        enums={"corsRules[*].allowedMethods[*]": ("GET", "PUT", "HEAD", "POST", "DELETE")},
    ),
    setting_row(
        "aws:s3/bucketNotification:BucketNotification", "s3/bucketnotification", outputs={"eventbridge": False}
    ),
)  # fmt: skip
