"""The state backend: a bucket with versioning, encryption and no public access, or Pulumi Cloud.

Pulumi locks the stack in a self-managed backend (a bucket or files) by a file below `.pulumi/locks`
(https://www.pulumi.com/docs/iac/concepts/state-and-backends/, from memory).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import boto3

from tierup.engine.doctor import backend, without_secrets
from tierup.preflight.aws_clients import pages
from tierup.preflight.check import CheckNotPossibleError, PreflightCheck, PreflightFinding, failed, passed, warned
from tierup.preflight.context import PreflightContext, call_or_none

PUBLIC_ACCESS: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
"""The settings that together block public access to a bucket."""


def _backend(context: PreflightContext) -> Iterator[PreflightFinding]:
    stack = context.plan.stack
    source = backend(context.plan.project.folder)
    if source is None:
        yield failed(
            "There is no state backend.",
            f"tierup bootstrap --stack {stack}, then: pulumi login s3://BUCKET?region=REGION",
        )
        return
    url, where = source
    parts = urlsplit(url)
    match parts.scheme:
        case "https" | "http":
            yield passed(f"Pulumi Cloud keeps the state ({without_secrets(url)}).")
        case "file":
            allowed = context.allow_file_backend
            finding = (
                f"The state is in files of this machine ({without_secrets(url)}, {where}), so its locks do not affect"
                " other machines."
            )
            command = f"tierup bootstrap --stack {stack}, then: pulumi login s3://BUCKET?region=REGION"
            yield warned(finding, command) if allowed else failed(finding, f"{command} (or add --allow-file-backend)")
        case "s3":
            yield from _bucket(context, parts.netloc, parse_qs(parts.query))
        case scheme:
            raise CheckNotPossibleError(
                f"tierup cannot check the backend {scheme}://.", "Check its versioning, encryption and access yourself."
            )


def _bucket(context: PreflightContext, bucket: str, query: dict[str, list[str]]) -> Iterator[PreflightFinding]:
    region = query.get("region", [context.region])[0]
    if "endpoint" in query:
        raise CheckNotPossibleError(
            f"The state is in an S3 bucket that is not AWS's ({query['endpoint'][0]}).",
            "Check its versioning, encryption and access yourself.",
        )
    profile = query.get("profile", [None])[0]
    s3: Any = (
        boto3.Session(profile_name=profile).client("s3", region_name=region)
        if profile
        else context.aws.client("s3", region)
    )

    def look() -> object:
        return s3.head_bucket(Bucket=bucket)

    if call_or_none(look, "404", "NoSuchBucket") is None:
        yield failed(f"The state bucket {bucket} does not exist.", f"tierup bootstrap --stack {context.plan.stack}")
        return
    problems = list(_bucket_problems(s3, bucket))
    yield from problems
    if not problems:
        yield passed(f"The state bucket {bucket} has versioning, encryption and no public access.")
    project, stack = context.plan.project.name, context.plan.short_name
    prefix = f".pulumi/locks/organization/{project}/{stack}/"
    if any(True for _ in pages(s3, "list_objects_v2", "Contents", Bucket=bucket, Prefix=prefix)):
        yield warned(
            f"Stack {stack} is locked, by a run in progress or by one that was killed.",
            f"pulumi cancel --stack {context.plan.stack}",
        )


def keeps_versions(s3: Any, bucket: str) -> bool:
    """Return whether versioning of the bucket is enabled."""
    return s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"


def is_encrypted(s3: Any, bucket: str) -> bool:
    """Return whether the bucket encrypts its objects."""
    return call_or_none(lambda: s3.get_bucket_encryption(Bucket=bucket), "ServerSideEncryption") is not None


def blocks_public_access(s3: Any, bucket: str) -> bool:
    """Return whether the bucket blocks public access in all four ways."""
    found = call_or_none(lambda: s3.get_public_access_block(Bucket=bucket), "NoSuchPublicAccessBlock")
    return found is not None and all(found["PublicAccessBlockConfiguration"].get(each) for each in PUBLIC_ACCESS)


def _bucket_problems(s3: Any, bucket: str) -> Iterator[PreflightFinding]:
    if not keeps_versions(s3, bucket):
        yield failed(
            f"The state bucket {bucket} has no versioning, so a damaged state cannot be restored.",
            f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled",
        )
    if not is_encrypted(s3, bucket):
        rules = '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}'
        yield failed(
            f"The state bucket {bucket} is not encrypted.",
            f"aws s3api put-bucket-encryption --bucket {bucket} --server-side-encryption-configuration '{rules}'",
        )
    if not blocks_public_access(s3, bucket):
        yield failed(
            f"The state bucket {bucket} may become public.",
            f"aws s3api put-public-access-block --bucket {bucket} --public-access-block-configuration "
            f"{','.join(f'{each}=true' for each in PUBLIC_ACCESS)}",
        )


CHECKS: Final = (
    PreflightCheck(
        name="backend",
        area="Pulumi",
        description="The state is in Pulumi Cloud, or in a bucket with versioning, encryption and no public access. "
        "Files need `--allow-file-backend`.",
        run=_backend,
    ),
)
