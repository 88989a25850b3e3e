"""The bucket of Pulumi's state: versioning, encryption, TLS only, no public access, and expiration of old versions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import botocore.exceptions

from tierup.account_bootstrap.step import BootstrapStep, StepAction, has_tag, tag_list
from tierup.preflight.aws_clients import error_code
from tierup.preflight.backend import PUBLIC_ACCESS, blocks_public_access, is_encrypted, keeps_versions
from tierup.preflight.context import call_or_none

_RESOURCE: Final = "state bucket"
_OLD_VERSION_DAYS: Final = 90
_KEPT_VERSIONS: Final = 20


def state_bucket(s3: Any, name: str, region: str, project: str) -> BootstrapStep:
    """Return the step of the bucket."""
    if (owner := _owner(s3, name)) is None:
        return BootstrapStep(
            resource=_RESOURCE,
            name=name,
            action=StepAction.CREATE,
            details=tuple(_settings(s3, name)),
            apply=lambda: _create(s3, name, region, project),
        )
    if owner == "another account":
        return BootstrapStep(
            resource=_RESOURCE,
            name=name,
            action=StepAction.REJECT,
            details=("The bucket belongs to another account, or the credentials may not read it.",),
            command="Choose another name with --bucket.",
        )
    missing = {what: put for what, (is_right, put) in _settings(s3, name).items() if not is_right()}
    if not missing:
        return BootstrapStep(resource=_RESOURCE, name=name, action=StepAction.NONE)
    tags = call_or_none(lambda: s3.get_bucket_tagging(Bucket=name)["TagSet"], "NoSuchTagSet")
    if not has_tag(tags):
        return BootstrapStep(
            resource=_RESOURCE,
            name=name,
            action=StepAction.REJECT,
            details=tuple(f"The bucket lacks: {what}." for what in missing),
            command="Correct the bucket (`tierup preflight --check backend` prints commands), or choose another name "
            "with --bucket.",
        )
    return BootstrapStep(
        resource=_RESOURCE,
        name=name,
        action=StepAction.UPDATE,
        details=tuple(missing),
        apply=lambda: [put() for put in missing.values()],
    )


def _owner(s3: Any, name: str) -> str | None:
    """Return the owner of the bucket, "this account" or "another account", or None if it does not exist."""
    try:
        s3.head_bucket(Bucket=name)
    except botocore.exceptions.ClientError as error:
        if error_code(error) in ("404", "NoSuchBucket"):
            return None
        if error_code(error) == "403":
            return "another account"
        raise
    return "this account"


def _create(s3: Any, name: str, region: str, project: str) -> None:
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, ObjectOwnership="BucketOwnerEnforced", **place)
    # The tag comes first: after an interruption, the next run may then complete the bucket.
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(project)})
    for _, put in _settings(s3, name).values():
        put()


def _settings(s3: Any, name: str) -> Mapping[str, tuple[Callable[[], bool], Callable[[], Any]]]:
    """Return for each setting the function that checks it, and the call that corrects it."""
    return {
        "versions": (
            lambda: keeps_versions(s3, name),
            lambda: s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"}),
        ),
        "encryption": (
            lambda: is_encrypted(s3, name),
            lambda: s3.put_bucket_encryption(
                Bucket=name,
                ServerSideEncryptionConfiguration={
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
            ),
        ),
        "no public access": (
            lambda: blocks_public_access(s3, name),
            lambda: s3.put_public_access_block(
                Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(PUBLIC_ACCESS, True)
            ),
        ),
        "TLS only": (lambda: _requires_tls(s3, name), lambda: s3.put_bucket_policy(Bucket=name, Policy=_policy(name))),
        f"old versions expire after {_OLD_VERSION_DAYS} days, except the {_KEPT_VERSIONS} newest": (
            lambda: _expires_old_versions(s3, name),
            lambda: s3.put_bucket_lifecycle_configuration(
                Bucket=name, LifecycleConfiguration={"Rules": [_lifecycle_rule()]}
            ),
        ),
    }


def _requires_tls(s3: Any, name: str) -> bool:
    found = call_or_none(lambda: s3.get_bucket_policy(Bucket=name), "NoSuchBucketPolicy")
    statements = json.loads(found["Policy"]).get("Statement", []) if found else []
    return any(
        each.get("Effect") == "Deny"
        and str(each.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport", "")).lower() == "false"
        for each in statements
    )


def _policy(name: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        }
    )


def _expires_old_versions(s3: Any, name: str) -> bool:
    found = call_or_none(lambda: s3.get_bucket_lifecycle_configuration(Bucket=name), "NoSuchLifecycle")
    rules = found["Rules"] if found else []
    return any(each["Status"] == "Enabled" and each.get("NoncurrentVersionExpiration") for each in rules)


def _lifecycle_rule() -> Mapping[str, Any]:
    return {
        "ID": "old-versions",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {
            "NoncurrentDays": _OLD_VERSION_DAYS,
            "NewerNoncurrentVersions": _KEPT_VERSIONS,
        },
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
