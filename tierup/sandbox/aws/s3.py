"""S3: buckets, their settings (one of each type per bucket), and objects."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Reference,
    Rejection,
    Source,
    Stage,
    assumed,
    documented,
    located,
    rule,
)
from .iam import to_role
from .kms import key_exists
from .policy_documents import policy_document
from .same_scope import known, others_in_region
from .sources import FORCE_NEW, api, created_only, sdk

BUCKET = "aws:s3/bucket:Bucket"
OBJECTS = ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2")
PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"

_NAMES = documented("https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html", read="2026-11-24")
_BLOCKED = api("s3", "PublicAccessBlockConfiguration")
_LIFECYCLE = assumed(
    "S3 rejects rules without an action, duplicate ids, and transitions that come too early; page to check:"
    " https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"
)
_ERRORS = assumed("S3's error codes, from memory; the API model lists only a few of them")

# Hosted zone ids of S3's website endpoints:
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/hosted_zones.go (read 2026-11-24)
_WEBSITE_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-south-1": "Z11RGJOFQNVJUP",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "ca-central-1": "Z1QDHH18159H29",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "sa-east-1": "Z7KQH4QJS55SO",
}

# Conditions with fixed values that make a policy non-public.
_NARROWING = {
    "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourceowner",
    "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount",
    "aws:principalarn", "aws:userid", "aws:viaawsservice", "s3:dataaccesspointarn", "s3:dataaccesspointaccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
}  # fmt: skip


def bucket_of_domain(domain: str) -> str | None:
    """Return the bucket of an S3 host name ("b.s3.eu-west-1.amazonaws.com"), or None for another host name."""
    name, _, rest = domain.partition(".s3")
    return name if rest.endswith("amazonaws.com") and rest[:1] in (".", "-") else None


@rule("bucket-is-empty", Stage.DELETE, source=_ERRORS)
def _empty(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    held = [held for held in call.cloud.find(OBJECTS, bucket=call.this.id) if held.account == call.account]
    if held and call.this.inputs.get("forceDestroy") is not True:
        yield Rejection(
            "",
            f"the bucket '{call.this.id}' you tried to delete is not empty: it contains {len(held)} objects"
            f" ('{held[0].outputs.get('key')}' ...). Empty it, or update it with forceDestroy: true before you delete"
            " it.",
            "BucketNotEmpty",
        )


@rule("bucket-name-is-not-an-ip-address", Stage.PLAN, source=_NAMES)
def _no_address(call: Call) -> Iterator[Rejection]:
    name = known(call, "bucket")
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return
    yield Rejection("bucket", f"the bucket name must not look like an IP address (got '{name}')", "InvalidBucketName")


@rule(
    "one-such-setting-a-bucket",
    Stage.CREATE,
    source=assumed(
        "S3 has one such setting per bucket, and the second silently overwrites the first;"
        " two resources would overwrite each other at each up, so the sandbox rejects the second"
    ),
)
def _only_one(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, call.type, bucket=call.get("bucket")):
        yield Rejection(
            "bucket",
            f"bucket '{call.get('bucket')}' already has a {call.type.rpartition(':')[2]}: '{other.name}'."
            " A bucket has only one. Merge the two.",
            "OperationAborted",
        )


# --- policies ---


def _statements(policy: Plain) -> list[Mapping[str, Any]]:
    """Return the statements of a policy document, or [] if it cannot be parsed (another rule rejects that)."""
    try:
        found = json.loads(policy)["Statement"]
    except (ValueError, TypeError, KeyError):
        return []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _texts(value: Plain) -> list[str]:
    return [str(each) for each in (value if isinstance(value, list) else [] if value is None else [value])]


@rule("policy-resource-is-the-bucket", Stage.PLAN, source=api("s3", "PutBucketPolicy"))
def _of_this_bucket(call: Call) -> Iterator[Rejection]:
    bucket, policy = known(call, "bucket"), known(call, "policy")
    if not isinstance(bucket, str):
        return
    for statement in _statements(policy):
        for resource in _texts(statement.get("Resource")):
            target = resource.removeprefix("arn:aws:s3:::")
            if target == resource or target.partition("/")[0] != bucket:
                yield Rejection(
                    "policy",
                    f"the policy has the invalid resource '{resource}'. Allowed: 'arn:aws:s3:::{bucket}' and"
                    f" 'arn:aws:s3:::{bucket}/...'.",
                    "MalformedPolicy",
                )


@rule("public-policy-is-blocked", Stage.CREATE, Stage.UPDATE, source=_BLOCKED)
def _not_public(call: Call) -> Iterator[Rejection]:
    block = next(call.nearby(PUBLIC_ACCESS_BLOCK, bucket=call.get("bucket")), None)
    # Since April 2023 a new bucket blocks public policies until its public access block is changed.
    blocked = block is None or block.outputs.get("blockPublicPolicy") is True
    for position, statement in enumerate(_statements(call.get("policy"))):
        if blocked and _public(statement):
            by = f"'{block.name}'" if block else "the default for new buckets"
            yield Rejection(
                "policy",
                f"statement {position + 1} grants public access ('Principal': '*' without a condition that restricts"
                " it),"
                f" and public policies are prevented by blockPublicPolicy ({by})",
                "AccessDenied",
            )


def _public(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in _texts(principal.get("AWS")))
    conditions = statement.get("Condition") or {}
    narrowed = any(key.lower() in _NARROWING for tests in conditions.values() for key in tests)
    return statement.get("Effect") == "Allow" and everybody and not narrowed


# --- other settings ---


@rule("versioning-is-not-disabled", Stage.UPDATE, source=api("s3", "PutBucketVersioning"))
def _stays_versioned(call: Call) -> Iterator[Rejection]:
    before = (call.old or {}).get("versioningConfiguration", {}).get("status")
    if call.get("versioningConfiguration.status") == "Disabled" and before != "Disabled":
        yield Rejection(
            "versioningConfiguration.status",
            f"versioning is {before} and cannot be Disabled again. Allowed: Suspended.",
            "IllegalVersioningConfigurationException",
        )


_REPLICATION = documented(
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html", read="2026-11-24"
)


@rule("replicated-buckets-are-versioned", Stage.CREATE, Stage.UPDATE, source=_REPLICATION)
def _versioned_ends(call: Call) -> Iterator[Rejection]:
    ends = [("bucket", call.get("bucket"))]
    ends += [(at, str(arn).rpartition(":")[2]) for at, arn in located(call.inputs, "rules[*].destination.bucket")]
    for at, bucket in ends:
        if call.cloud.get(BUCKET, bucket) is None:
            if at != "bucket":
                yield Rejection(at, f"the bucket '{bucket}' does not exist", "InvalidRequest")
            continue
        versioning = next(call.cloud.find(_VERSIONING, bucket=bucket), None)
        if versioning is None or versioning.inputs["versioningConfiguration"].get("status") != "Enabled":
            yield Rejection(
                at,
                f"versioning must be Enabled on the bucket '{bucket}' before it is replicated",
                "InvalidRequest",
            )


@rule("replication-rule-is-complete", Stage.PLAN, source=sdk("s3/bucketreplicationconfig"))
def _replicates(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "rules[*]"):
        if isinstance(each, dict) and each.get("filter") is not None and each.get("deleteMarkerReplication") is None:
            yield Rejection(f"{at}.deleteMarkerReplication", "required with filter", "InvalidRequest")


@rule("kms-key-needs-kms-algorithm", Stage.PLAN, source=sdk("s3/bucketserversideencryptionconfiguration"))
def _kms_algorithm(call: Call) -> Iterator[Rejection]:
    for at, default in located(call.inputs, "rules[*].applyServerSideEncryptionByDefault"):
        if isinstance(default, dict) and default.get("kmsMasterKeyId") and default.get("sseAlgorithm") == "AES256":
            yield Rejection(
                f"{at}.kmsMasterKeyId",
                "allowed only with sseAlgorithm 'aws:kms' (got 'AES256')",
                "InvalidArgument",
            )


@rule("lifecycle-rules-have-actions", Stage.PLAN, source=_LIFECYCLE)
def _lifecycle(call: Call) -> Iterator[Rejection]:
    seen: set[str] = set()
    for at, each in located(call.inputs, "rules[*]"):
        if not isinstance(each, dict):
            continue
        if isinstance(each.get("id"), str) and each["id"] in seen:
            yield Rejection(
                f"{at}.id", f"duplicate rule id (got '{each['id']}'). Rule ids must be unique.", "InvalidArgument"
            )
        seen.add(str(each.get("id")))
        if not any(each.get(action) for action in _LIFECYCLE_ACTIONS):
            yield Rejection(
                at, f"the rule has no action. Set at least one of {', '.join(_LIFECYCLE_ACTIONS)}.", "InvalidRequest"
            )
        yield from _transitions(at, each)


_LIFECYCLE_ACTIONS = (
    "expiration",
    "transitions",
    "noncurrentVersionExpiration",
    "noncurrentVersionTransitions",
    "abortIncompleteMultipartUpload",
)


def _transitions(at: str, each: Mapping[str, Any]) -> Iterator[Rejection]:
    expires = (each.get("expiration") or {}).get("days") if each.get("expiration") is not UNKNOWN else None
    for index, transition in enumerate(each.get("transitions") or []):
        if not isinstance(transition, dict) or not isinstance(transition.get("days"), (int, float)):
            continue
        days, to = transition["days"], transition.get("storageClass")
        if to in ("STANDARD_IA", "ONEZONE_IA") and days < 30:
            yield Rejection(
                f"{at}.transitions[{index}].days",
                f"too early (got {days:g} days). Objects cannot move to {to} in their first 30 days.",
                "InvalidArgument",
            )
        if isinstance(expires, (int, float)) and expires and days >= expires:
            yield Rejection(
                f"{at}.expiration.days",
                f"objects expire after {expires:g} days, before they move to {to} after {days:g} days. Expiration"
                " must be later.",
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


_OWNER = frozenset({"expectedBucketOwner"})


def _setting_id(call: Call) -> str:
    owner = call.inputs.get("expectedBucketOwner")
    return f"{call.inputs['bucket']},{owner}" if owner else call.inputs["bucket"]


def _setting(token: str, page: str, **more: Any) -> Behaviour:
    """Return the row of a bucket setting, which is deleted with its bucket."""
    return Behaviour(
        type=token,
        source=sdk(page),
        id=_setting_id,
        replaces=frozenset({"bucket"}) | more.pop("replaces", frozenset()),
        replace_source=FORCE_NEW,
        references=(_bucket(sdk(page)),),
        rules=(_only_one, *more.pop("rules", ())),
        **more,
    )


def _bucket(source: Source) -> Reference:
    # S3 deletes a bucket's settings with the bucket, and rejects deletion itself while objects are left.
    return Reference(path="bucket", to=BUCKET, code="NoSuchBucket", holds=False, external=r"arn:.+", source=source)


# --- objects ---


_CHECKSUMS = ("checksumCrc32", "checksumCrc32c", "checksumCrc64nvme", "checksumSha1", "checksumSha256")


def _etag(call: Call) -> str:
    content = call.get("content")
    if isinstance(content, str):
        return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    return call.hex(32, str(call.get("source", call.get("contentBase64", ""))))


def _key(call: Call) -> str:
    return call.inputs.get("key") or call.name


def _version(call: Call) -> str:
    versioning = next(call.nearby("aws:s3/bucketVersioning:BucketVersioning", bucket=call.inputs["bucket"]), None)
    status = versioning.inputs["versioningConfiguration"].get("status") if versioning else "Disabled"
    return call.hex(32, f"version {_etag(call)}") if status == "Enabled" else ""


def _object(token: str, page: str, **outputs: Plain) -> Behaviour:
    return Behaviour(
        type=token,
        source=sdk(page),
        id=lambda call: f"{call.inputs['bucket']}/{_key(call)}",
        outputs={
            "key": _key,
            "arn": "arn:aws:s3:::{id}",
            "bucketKeyEnabled": False,
            "contentType": "application/octet-stream",
            "forceDestroy": False,
            "kmsKeyId": "",
            "serverSideEncryption": "AES256",
            "storageClass": "STANDARD",
            **outputs,
        },
        derived={"etag": _etag, "versionId": _version},
        replaces=frozenset({"bucket", "key"}),
        replace_source=FORCE_NEW,
        enums={
            "acl": (
                "private", "public-read", "public-read-write", "aws-exec-read", "authenticated-read",
                "bucket-owner-read", "bucket-owner-full-control",
            ),
            "serverSideEncryption": ("AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"),
            "objectLockMode": ("GOVERNANCE", "COMPLIANCE"),
            "objectLockLegalHoldStatus": ("ON", "OFF"),
            "storageClass": (
                "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER",
                "DEEP_ARCHIVE", "GLACIER_IR",
            ),
        },
        conflicts=(("source", "content", "contentBase64"),),
        references=(_bucket(sdk(page)),),
        rules=(key_exists("kmsKeyId", "KMS.NotFoundException"),),
    )  # fmt: skip


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=BUCKET,
        source=sdk("s3/bucket"),
        id="{bucket}",
        outputs={
            "arn": "arn:aws:s3:::{bucket}",
            "bucketDomainName": "{bucket}.s3.amazonaws.com",
            "bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com",
            "bucketRegion": "{region}",
            "hostedZoneId": lambda call: _WEBSITE_ZONES.get(call.region, ""),
            "websiteDomain": "",
            "websiteEndpoint": "",
            "accelerationStatus": "",
            "acl": "private",
            "bucketNamespace": "global",
            "bucketPrefix": "",
            "corsRules": (),
            "forceDestroy": False,
            "grants": (),
            "lifecycleRules": (),
            "objectLockEnabled": False,
            "policy": "",
            "requestPayer": "BucketOwner",
            "serverSideEncryptionConfiguration": {
                "rule": {
                    "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"},
                    "bucketKeyEnabled": False,
                }
            },
            "versioning": {"enabled": False, "mfaDelete": False},
        },
        replaces=frozenset({"bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"}),
        replace_source=created_only("AWS::S3::Bucket"),
        enums={
            "accelerationStatus": ("Enabled", "Suspended"),
            "bucketNamespace": ("account-regional", "global"),
            "requestPayer": ("BucketOwner", "Requester"),
            "acl": (
                "private", "public-read", "public-read-write", "aws-exec-read", "authenticated-read",
                "log-delivery-write",
            ),
        },
        conflicts=(("bucket", "bucketPrefix"), ("acl", "grants")),
        name=Name(
            property="bucket",
            shortest=3,
            longest=63,
            pattern=(
                r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!.*\.\.)"
                r"[a-z0-9][a-z0-9.-]*[a-z0-9]"
            ),
            allowed=(
                "lower-case letters, digits, '-' and single '.', with a letter or digit at both ends, and without the"
                " reserved prefixes (xn--, sthree-, amzn-s3-demo-) and suffixes (-s3alias, --ol-s3, .mrap, --x-s3,"
                " --table-s3)"
            ),
            shape=str.lower,
            unique="global",
            taken="BucketAlreadyExists",
            source=_NAMES,
        ),
        quotas=(
            Quota(
                limit=10_000,
                per="account",
                what="general purpose buckets per account",
                code="TooManyBuckets",
                source=documented(
                    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html", read="2026-11-24"
                ),
            ),
        ),
        rules=(_empty, _no_address),
    ),
    _setting(
        "aws:s3/bucketPolicy:BucketPolicy",
        "s3/bucketpolicy",
        rules=(
            policy_document("policy", "resource", longest=20_480, code="MalformedPolicy"),
            _of_this_bucket,
            _not_public,
        ),
    ),
    _setting(
        PUBLIC_ACCESS_BLOCK,
        "s3/bucketpublicaccessblock",
        outputs={
            "blockPublicAcls": False,
            "blockPublicPolicy": False,
            "ignorePublicAcls": False,
            "restrictPublicBuckets": False,
        },
    ),
    _setting(
        OWNERSHIP,
        "s3/bucketownershipcontrols",
        enums={"rule.objectOwnership": ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")},
    ),
    _setting(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "s3/bucketserversideencryptionconfiguration",
        replaces=_OWNER,
        enums={
            "rules[*].applyServerSideEncryptionByDefault.sseAlgorithm": ("AES256", "aws:kms", "aws:kms:dsse"),
        },
        rules=(
            _kms_algorithm,
            key_exists("rules[*].applyServerSideEncryptionByDefault.kmsMasterKeyId", "KMS.NotFoundException"),
        ),
    ),
    Behaviour(
        type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        source=sdk("s3/bucketreplicationconfig"),
        id=lambda call: call.inputs["bucket"],
        replaces=frozenset({"bucket"}),
        replace_source=FORCE_NEW,
        enums={
            "rules[*].status": ("Enabled", "Disabled"),
            "rules[*].deleteMarkerReplication.status": ("Enabled", "Disabled"),
        },
        references=(
            _bucket(_REPLICATION),
            to_role("role", code="InvalidRequest", source=_REPLICATION),
        ),
        rules=(_only_one, _versioned_ends, _replicates),
    ),
    _setting(
        _VERSIONING,
        "s3/bucketversioning",
        replaces=_OWNER,
        enums={
            "versioningConfiguration.status": ("Enabled", "Suspended", "Disabled"),
            "versioningConfiguration.mfaDelete": ("Enabled", "Disabled"),
        },
        rules=(_stays_versioned,),
    ),
    _setting(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "s3/bucketlifecycleconfiguration",
        replaces=_OWNER,
        outputs={"expectedBucketOwner": "", "transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
        enums={
            "rules[*].status": ("Enabled", "Disabled"),
            "rules[*].transitions[*].storageClass": (
                "GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR",
            ),
            "rules[*].noncurrentVersionTransitions[*].storageClass": (
                "GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR",
            ),
            "transitionDefaultMinimumObjectSize": ("all_storage_classes_128K", "varies_by_storage_class"),
        },
        rules=(_lifecycle,),
    ),
    _setting("aws:s3/bucketLogging:BucketLogging", "s3/bucketlogging", replaces=_OWNER, rules=(_log_bucket,)),
    _setting(
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "s3/bucketcorsconfiguration",
        replaces=_OWNER,
        enums={"corsRules[*].allowedMethods[*]": ("GET", "PUT", "HEAD", "POST", "DELETE")},
    ),
    _setting("aws:s3/bucketNotification:BucketNotification", "s3/bucketnotification", outputs={"eventbridge": False}),
    _object(OBJECTS[0], "s3/bucketobject"),
    _object(OBJECTS[1], "s3/bucketobjectv2", acl="private", **dict.fromkeys(_CHECKSUMS, "")),
)  # fmt: skip
