"""S3: objects."""

from __future__ import annotations

import hashlib

from ..behaviour import (
    Behaviour,
    Call,
    Plain,
)
from .kms import key_exists
from .s3 import OBJECTS, bucket_reference
from .sources import FORCE_NEW, sdk

_CHECKSUMS = ("checksumCrc32", "checksumCrc32c", "checksumCrc64nvme", "checksumSha1", "checksumSha256")


def etag_of(call: Call) -> str:
    content = call.get("content")
    if isinstance(content, str):
        return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    return call.hex(32, str(call.get("source", call.get("contentBase64", ""))))


def key_of_object(call: Call) -> str:
    return call.inputs.get("key") or call.name


def _version(call: Call) -> str:
    versioning = next(call.nearby("aws:s3/bucketVersioning:BucketVersioning", bucket=call.inputs["bucket"]), None)
    status = versioning.inputs["versioningConfiguration"].get("status") if versioning else "Disabled"
    return call.hex(32, f"version {etag_of(call)}") if status == "Enabled" else ""


def _object(token: str, page: str, **outputs: Plain) -> Behaviour:
    return Behaviour(
        type=token,
        source=sdk(page),
        id=lambda call: f"{call.inputs['bucket']}/{key_of_object(call)}",
        outputs={
            "key": key_of_object,
            "arn": "arn:aws:s3:::{id}",
            "bucketKeyEnabled": False,
            "contentType": "application/octet-stream",
            "forceDestroy": False,
            "kmsKeyId": "",
            "serverSideEncryption": "AES256",
            "storageClass": "STANDARD",
            **outputs,
        },
        derived={"etag": etag_of, "versionId": _version},
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
        references=(bucket_reference(sdk(page)),),
        rules=(key_exists("kmsKeyId", "KMS.NotFoundException"),),
    )  # fmt: skip


BEHAVIOURS: tuple[Behaviour, ...] = (
    _object(OBJECTS[0], "s3/bucketobject"),
    _object(OBJECTS[1], "s3/bucketobjectv2", acl="private", **dict.fromkeys(_CHECKSUMS, "")),
)  # fmt: skip
