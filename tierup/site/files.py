"""The files of a built site: what each is, and the headers that it gets."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from tierup.deployment.errors import CommandError, ExitCode
from tierup.site.caching import LARGEST_COMPRESSED_BYTES, CachingTable, content_type, is_immutable, is_text

RELEASES: Final = ".releases/"
"""The prefix of the objects that describe releases. The CDN cannot read them."""

INDEX: Final = "index.html"
_SKIPPED: Final = frozenset({".DS_Store", "Thumbs.db", ".git"})
# The largest object of one PutObject, whose ETag is its MD5 digest:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (read 2026-11-28)
_LARGEST_BYTES: Final = 5 * 1024**3


Headers: TypeAlias = tuple[str, str, str | None, str]
"""Content-Type, Cache-Control, Content-Encoding, and the cache tags."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileEntry:
    """A file of a release, as its manifest lists it."""

    md5: str
    """MD5 digest of the stored bytes, which S3 returns as ETag of an object that SSE-S3 encrypts."""
    sha256: str
    """SHA-256 digest of the stored bytes."""
    size: int
    """Size of the stored bytes."""
    content_type: str
    cache_control: str
    content_encoding: str | None = None
    cache_tags: str = ""
    """The cache tags with commas; "" without tags."""

    @property
    def headers(self) -> Headers:
        """The headers of the object."""
        return (self.content_type, self.cache_control, self.content_encoding, self.cache_tags)

    @property
    def immutable(self) -> bool:
        """Whether browsers never request the file again."""
        return is_immutable(self.cache_control)

    @property
    def copy_key(self) -> str:
        """The key of the copy from which a page is published, at deployment and at rollback."""
        return f"{RELEASES}files/{self.sha256}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteFile:
    """A file of the folder."""

    key: str
    """Its path in the folder with "/", which is its key in the bucket."""
    entry: FileEntry
    path: Path = field(compare=False)

    def body(self) -> bytes:
        """Return the bytes to store."""
        content = self.path.read_bytes()
        return content if self.entry.content_encoding is None else _compressed(content)


def read_folder(folder: Path, table: CachingTable, *, compress_large: bool) -> Sequence[SiteFile]:
    """Return the files of a built site, sorted by key.

    Args:
        folder: the folder, which contains index.html.
        table: the Cache-Control by path.
        compress_large: whether the CDN leaves large text files uncompressed, as CloudFront does.

    Raises:
        CommandError: the folder is not a built site.
    """
    if not folder.is_dir():
        raise CommandError(f"DIR: not a folder (got {folder}). Give the folder of the built site.", ExitCode.SETTINGS)
    if not (folder / INDEX).is_file():
        raise CommandError(
            f"DIR: the folder has no {INDEX} (got {folder}). Build the site, and give the folder with its files.",
            ExitCode.SETTINGS,
        )
    if (folder / RELEASES).exists():
        raise CommandError(
            f"DIR: the folder contains {RELEASES} (got {folder}). Rename it: the bucket stores its releases there.",
            ExitCode.SETTINGS,
        )
    paths = sorted(_paths(folder), key=lambda path: path.relative_to(folder).as_posix())
    return [_file(folder, path, table, compress_large=compress_large) for path in paths]


def _paths(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in names:
            if name not in _SKIPPED:
                yield Path(parent, name)


def _file(folder: Path, path: Path, table: CachingTable, *, compress_large: bool) -> SiteFile:
    key = path.relative_to(folder).as_posix()
    size = path.stat().st_size
    if size > _LARGEST_BYTES:
        raise CommandError(
            f"DIR: {key} is too large (got {size} bytes). Allowed: up to {_LARGEST_BYTES} bytes.", ExitCode.SETTINGS
        )
    kind = content_type(key)
    compressed = compress_large and size > LARGEST_COMPRESSED_BYTES and is_text(kind)
    content = _compressed(path.read_bytes()) if compressed else path.read_bytes()
    entry = FileEntry(
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type=kind,
        cache_control=table.cache_control(key),
        content_encoding="gzip" if compressed else None,
        cache_tags=table.cache_tags(key),
    )
    return SiteFile(key=key, entry=entry, path=path)


def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)  # the same bytes in every run
