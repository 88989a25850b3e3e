"""The bucket of the site, and its implementation with S3."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol

import botocore.exceptions

from tierup.deployment.errors import CommandError, ExitCode
from tierup.preflight.aws_clients import aws_error, error_code, is_invalid, sentence
from tierup.program_loader import import_path
from tierup.site.files import FileEntry, Headers

with import_path():
    from components.cdn.cache_tags import METADATA

_DELETED_AT_ONCE: Final = 1_000
"""The largest number of keys of a DeleteObjects request:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html (read 2026-11-28)"""
_EXISTS: Final = ("PreconditionFailed", "ConditionalRequestConflict")
_ABSENT: Final = ("NoSuchKey", "404")


class ObjectStore(Protocol):
    """A bucket. Every method raises CommandError if the bucket's service reports an error."""

    def list(self) -> Mapping[str, str]:
        """Return the MD5 digest of every object by key."""
        ...

    def read(self, key: str) -> bytes | None:
        """Return the content of an object, or None if it does not exist."""
        ...

    def headers(self, key: str) -> Headers:
        """Return the headers of an object."""
        ...

    def write(self, key: str, content: bytes, entry: FileEntry | None = None) -> None:
        """Write an object, with the headers of `entry`; None is a JSON document that is never cached."""
        ...

    def create(self, key: str, content: bytes) -> bool:
        """Write a JSON document and return True, or return False if the object exists."""
        ...

    def copy(self, source: str, key: str, entry: FileEntry) -> None:
        """Copy an object within the bucket, with the headers of `entry`."""
        ...

    def delete(self, keys: Collection[str]) -> None:
        """Delete objects. Those that do not exist are ignored."""
        ...


class S3Bucket:
    """A bucket of S3, whose objects S3 encrypts with its own keys, so that an ETag is an MD5 digest
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html, read 2026-11-28)."""

    def __init__(self, client: Callable[[], Any], bucket: str) -> None:
        """`client` returns boto3's client of S3."""
        self._client = client
        self._bucket = bucket

    def list(self) -> Mapping[str, str]:
        """Return the MD5 digest of every object by key."""
        with _errors(self._bucket):
            pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
            return {each["Key"]: each["ETag"].strip('"') for page in pages for each in page.get("Contents", ())}

    def read(self, key: str) -> bytes | None:
        """Return the content of an object, or None if it does not exist."""
        with _errors(self._bucket):
            try:
                return self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except botocore.exceptions.ClientError as error:
                if error_code(error) in _ABSENT:
                    return None
                raise

    def headers(self, key: str) -> Headers:
        """Return the headers of an object."""
        with _errors(self._bucket):
            answer = self._client().head_object(Bucket=self._bucket, Key=key)
            return (
                answer.get("ContentType", ""),
                answer.get("CacheControl", ""),
                answer.get("ContentEncoding") or None,
                answer.get("Metadata", {}).get(METADATA, ""),
            )

    def write(self, key: str, content: bytes, entry: FileEntry | None = None) -> None:
        """Write an object, with the headers of `entry`; None is a JSON document that is never cached."""
        with _errors(self._bucket):
            self._client().put_object(Bucket=self._bucket, Key=key, Body=content, **_headers(entry))

    def create(self, key: str, content: bytes) -> bool:
        """Write a JSON document and return True, or return False if the object exists.

        A delete marker does not count as an object:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html (from memory)
        """
        with _errors(self._bucket):
            try:
                self._client().put_object(Bucket=self._bucket, Key=key, Body=content, IfNoneMatch="*", **_headers(None))
            except botocore.exceptions.ClientError as error:
                if error_code(error) in _EXISTS:
                    return False
                raise
            return True

    def copy(self, source: str, key: str, entry: FileEntry) -> None:
        """Copy an object within the bucket, with the headers of `entry`."""
        with _errors(self._bucket):
            self._client().copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": source},
                MetadataDirective="REPLACE",
                **_headers(entry),
            )

    def delete(self, keys: Collection[str]) -> None:
        """Delete objects. Those that do not exist are ignored."""
        with _errors(self._bucket):
            for batch in _batches(sorted(keys)):
                objects = [{"Key": key} for key in batch]
                answer = self._client().delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})
                for error in answer.get("Errors", ()):
                    raise CommandError(
                        f"{self._bucket}: {error['Key']} could not be deleted (got {error['Code']}). Allow "
                        "s3:DeleteObject on the bucket's objects, and run the command again."
                    )


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _DELETED_AT_ONCE):
        yield keys[start : start + _DELETED_AT_ONCE]


def _headers(entry: FileEntry | None) -> dict[str, Any]:
    if entry is None:
        return {"ContentType": "application/json", "CacheControl": "no-store"}
    encoding = {"ContentEncoding": entry.content_encoding} if entry.content_encoding else {}
    tags = {"Metadata": {METADATA: entry.cache_tags}} if entry.cache_tags else {}
    return {"ContentType": entry.content_type, "CacheControl": entry.cache_control, **encoding, **tags}


@contextmanager
def _errors(bucket: str) -> Generator[None]:
    """Turn an error of botocore into the error of the command."""
    try:
        yield
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise publication_error(bucket, error) from error


def publication_error(name: str, error: Exception) -> CommandError:
    """Return the error of the command for an error of AWS; `name` is the resource of the call."""
    if is_invalid(error):
        return CommandError(
            f"AWS credentials: AWS rejected them ({sentence(error).rstrip('.')}). Sign in again.", ExitCode.CREDENTIALS
        )
    if isinstance(error, botocore.exceptions.ClientError) and error_code(error) == "NoSuchBucket":
        return CommandError(f"{name}: the bucket does not exist. Run `tierup up` to create it.")
    return aws_error(name, error, "Run the command again; it continues where it stopped.")
