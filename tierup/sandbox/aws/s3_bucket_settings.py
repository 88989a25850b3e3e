"""S3: ownership, encryption, versioning, logging, CORS and notifications of a bucket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Plain,
    Rejection,
    Stage,
    documented,
    located,
    rule,
    values_at,
)
from .arns import account_of
from .kms import key_exists
from .lambda_ import function_name
from .s3 import BUCKET, OWNER, VERSIONING, setting_row
from .s3_bucket_policies import PUBLIC_ACCESS_BLOCK
from .sources import api, sdk, unread

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


_ACL = "aws:s3/bucketAcl:BucketAcl"
_OWNERSHIP_OF_NEW_BUCKETS = documented(
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html as quoted by"
    " github.com/pulumi/pulumi-aws/issues/2470",
    read="2026-11-28",
)
_PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")


def acls_are_enabled(call: Call, bucket: Plain) -> bool:
    """Return whether a bucket's Object Ownership allows ACLs: a new bucket has BucketOwnerEnforced."""
    ownership = next(call.nearby(OWNERSHIP, bucket=bucket), None)
    return ownership is not None and ownership.inputs["rule"]["objectOwnership"] != "BucketOwnerEnforced"


@rule("acl-requires-object-ownership", Stage.CREATE, Stage.UPDATE, source=_OWNERSHIP_OF_NEW_BUCKETS)
def _acl_allowed(call: Call) -> Iterator[Rejection]:
    bucket = call.get("bucket")
    if not acls_are_enabled(call, bucket):
        yield Rejection(
            "bucket",
            f"the bucket '{bucket}' does not allow ACLs (got Object Ownership BucketOwnerEnforced). Create"
            " s3.BucketOwnershipControls with BucketOwnerPreferred first, and make the ACL depend on it.",
            "AccessControlListNotSupported",
        )
        return
    block = next(call.nearby(PUBLIC_ACCESS_BLOCK, bucket=bucket), None)
    if call.get("acl") in _PUBLIC_ACLS and (block is None or block.outputs.get("blockPublicAcls") is True):
        yield Rejection(
            "acl",
            f"blockPublicAcls of the bucket prevents public ACLs (got {call.get('acl')}). New buckets block them; set"
            " blockPublicAcls: false in s3.BucketPublicAccessBlock first.",
            "AccessDenied",
        )


@rule(
    "notification-destination-allows-s3",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "AWS API model of s3 (botocore 1.44), PutBucketNotificationConfiguration: SkipDestinationValidation;"
        " example of the docstring of s3.BucketNotification (pulumi-aws 7.51.1)",
        read="2026-11-28",
    ),
)
def _notification_allowed(call: Call) -> Iterator[Rejection]:
    for at, arn in located(call.inputs, "lambdaFunctions[*].lambdaFunctionArn"):
        permissions = call.nearby("aws:lambda/permission:Permission", principal="s3.amazonaws.com")
        if function_name(arn) not in [function_name(each.inputs.get("function")) for each in permissions]:
            yield Rejection(
                at,
                f"Unable to validate the following destination configurations: S3 cannot invoke '{arn}'. Create a"
                " lambda.Permission for the principal s3.amazonaws.com, and make the notification depend on it.",
                "InvalidArgument",
            )
    for at, arn in located(call.inputs, "queues[*].queueArn"):
        queue = next(call.cloud.find("aws:sqs/queue:Queue", arn=arn), None)
        if queue is None:
            yield from _no_destination(call, at, str(arn))
            continue
        own = [
            each.inputs.get("policy") for each in call.cloud.find("aws:sqs/queuePolicy:QueuePolicy", queueUrl=queue.id)
        ]
        if not re.search(r"s3\.amazonaws\.com|\"\*\"", f"{own} {queue.outputs.get('policy')}"):
            yield Rejection(
                at,
                f"Unable to validate the following destination configurations: S3 cannot send to '{arn}'. Allow"
                " s3.amazonaws.com the action sqs:SendMessage in the policy of the queue, and make the notification"
                " depend on it.",
                "InvalidArgument",
            )
    for at, arn in located(call.inputs, "topics[*].topicArn"):
        topic = next(call.cloud.find("aws:sns/topic:Topic", arn=arn), None)
        policies = [each.inputs.get("policy") for each in call.cloud.find("aws:sns/topicPolicy:TopicPolicy", arn=arn)]
        if topic is None:
            yield from _no_destination(call, at, str(arn))
            continue
        chosen = str(policies or topic.inputs.get("policy") or "")
        if not re.search(r"s3\.amazonaws\.com|\"\*\"", chosen):
            yield Rejection(
                at,
                f"Unable to validate the following destination configurations: S3 cannot publish to '{arn}'. Allow"
                " sns:Publish for s3.amazonaws.com in the topic's policy.",
                "InvalidArgument",
            )


def _no_destination(call: Call, at: str, arn: str) -> Iterator[Rejection]:
    if account_of(arn) == call.account:
        yield Rejection(
            at,
            f"Unable to validate the following destination configurations: '{arn}' does not exist.",
            "InvalidArgument",
        )


_NOTIFICATIONS = unread("s3", "PutBucketNotificationConfiguration")


@rule("notifications-do-not-overlap", Stage.CREATE, Stage.UPDATE, source=_NOTIFICATIONS)
def _overlap(call: Call) -> Iterator[Rejection]:
    seen: list[tuple[str, str, str]] = []
    for path in ("lambdaFunctions[*]", "queues[*]", "topics[*]"):
        for at, each in located(call.inputs, path):
            before, after = str(each.get("filterPrefix") or ""), str(each.get("filterSuffix") or "")
            for event in each.get("events") or ():
                for other, prefix, suffix in seen:
                    if _share_events(event, other) and _share_keys((before, after), (prefix, suffix)):
                        yield Rejection(
                            at,
                            "Configurations overlap. Configurations on the same bucket cannot share a common event type"
                            f" (got {event} and {other}).",
                            "InvalidArgument",
                        )
            seen += [(str(event), before, after) for event in each.get("events") or ()]


def _share_events(one: str, other: str) -> bool:
    return (
        one == other
        or one.removesuffix("*") == other[: len(one) - 1]
        or other.removesuffix("*") == one[: len(other) - 1]
    )


def _share_keys(one: tuple[str, str], other: tuple[str, str]) -> bool:
    prefixes = one[0].startswith(other[0]) or other[0].startswith(one[0])
    return prefixes and (one[1].endswith(other[1]) or other[1].endswith(one[1]))


@rule("notification-queue-is-standard", Stage.CREATE, Stage.UPDATE, source=_NOTIFICATIONS)
def _standard_queue(call: Call) -> Iterator[Rejection]:
    for path in ("queues[*].queueArn", "topics[*].topicArn"):
        for at, arn in located(call.inputs, path):
            if str(arn).endswith(".fifo"):
                yield Rejection(at, f"FIFO queues and topics are not supported (got '{arn}').", "InvalidArgument")


@rule("locked-bucket-stays-versioned", Stage.CREATE, Stage.UPDATE, source=unread("s3", "PutBucketVersioning"))
def _locked(call: Call) -> Iterator[Rejection]:
    bucket = call.cloud.get(BUCKET, str(call.get("bucket")))
    lock = next(
        call.cloud.find(
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", bucket=call.get("bucket")
        ),
        None,
    )
    locked = lock is not None or (bucket is not None and bucket.inputs.get("objectLockEnabled") is True)
    if locked and call.get("versioningConfiguration.status") != "Enabled":
        yield Rejection(
            "versioningConfiguration.status",
            "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
            "InvalidBucketState",
        )


@rule("object-lock-requires-versioning", Stage.CREATE, source=unread("s3", "PutObjectLockConfiguration"))
def _lockable(call: Call) -> Iterator[Rejection]:
    bucket = call.cloud.get(BUCKET, str(call.get("bucket")))
    if bucket is None or not bucket.urn or bucket.inputs.get("objectLockEnabled") is True:
        return
    versioning = next(call.cloud.find(VERSIONING, bucket=bucket.id), None)
    status = next(values_at(versioning.inputs, "versioningConfiguration.status"), None) if versioning else None
    if status != "Enabled" and next(values_at(bucket.inputs, "versioning.enabled"), None) is not True:
        yield Rejection(
            "bucket",
            "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
            "InvalidBucketState",
        )


@rule("cors-rules-are-complete", Stage.PLAN, source=api("s3", "CORSRule: AllowedMethods, AllowedOrigins"))
def _cors(call: Call) -> Iterator[Rejection]:
    for path in ("allowedMethods", "allowedOrigins"):
        for at, values in located(call.inputs, f"corsRules[*].{path}"):
            if isinstance(values, list) and not values:
                yield Rejection(at, "The list is empty. At least one value is required.", "MalformedXML")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        source=sdk("s3/bucketcorsconfiguration"),
        rules=(_cors,),
    ),
    Behaviour(
        type="aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        source=sdk("s3/bucketobjectlockconfiguration"),
        rules=(_lockable,),
    ),
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
        rules=(_stays_versioned, _locked),
    ),
    setting_row("aws:s3/bucketLogging:BucketLogging", "s3/bucketlogging", replaces=OWNER, rules=(_log_bucket,)),
    setting_row(
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "s3/bucketcorsconfiguration",
        replaces=OWNER,
        enums={"corsRules[*].allowedMethods[*]": ("GET", "PUT", "HEAD", "POST", "DELETE")},
    ),
    setting_row(
        _ACL,
        "s3/bucketacl",
        replaces=OWNER,
        enums={
            "acl": (
                "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read",
                "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write",
            ),
        },
        exactly_one=(("acl", "accessControlPolicy"),),
        rules=(_acl_allowed,),
    ),
    setting_row(
        "aws:s3/bucketNotification:BucketNotification",
        "s3/bucketnotification",
        outputs={"eventbridge": False},
        rules=(_notification_allowed, _overlap, _standard_queue),
    ),
)  # fmt: skip
