"""The releases of a site, as its bucket describes them below `.releases/`.

`NNNNNN.json` lists the files of a release with their digests and headers, `files/SHA256` is the copy from which a page
is published, and `current.json` states which release is published. Copies are used instead of the versions of objects,
because the bucket's lifecycle deletes old versions after 30 days.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tierup.deployment.errors import CommandError, ExitCode
from tierup.site.files import RELEASES, FileEntry, Headers
from tierup.site.object_store import ObjectStore

_MANIFEST: Final = re.compile(rf"{re.escape(RELEASES)}(?P<number>\d{{6}})\.json")
_CURRENT: Final = f"{RELEASES}current.json"
_FORMAT: Final = 1
_HISTORY: Final = 100  # publications


class _Document(BaseModel):
    """A document in the bucket."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Release(_Document):
    """A release: the files of one build."""

    format: int = _FORMAT
    number: int
    created: str
    """UTC time in ISO 8601."""
    message: str = ""
    files: Mapping[str, FileEntry]
    copied: tuple[str, ...]
    """The keys of the files that have a copy: pages, and files that changed below an immutable path."""

    @property
    def digest(self) -> str:
        """The digest of names, contents and headers."""
        return digest_of(self.files)

    @property
    def key(self) -> str:
        """The key of the manifest."""
        return manifest_key(self.number)

    @property
    def size(self) -> int:
        """The size of the files in bytes."""
        return sum(entry.size for entry in self.files.values())

    def text(self) -> bytes:
        """Return the manifest."""
        return self.model_dump_json(indent=1).encode()


class Publication(_Document):
    """The publication of a release."""

    release: int
    at: str
    """UTC time in ISO 8601."""


class PublishedSite(_Document):
    """Which release is published, and which paths the CDN must still drop from its cache."""

    format: int = _FORMAT
    history: tuple[Publication, ...] = Field(default=())
    """The oldest first."""
    stale_paths: tuple[str, ...] = ()
    """Keys of published files that the CDN may still serve in an older version."""

    @property
    def release(self) -> int | None:
        """The number of the published release; None before the first one."""
        return self.history[-1].release if self.history else None

    @property
    def previous(self) -> int | None:
        """The number of the release that was published before the current one."""
        return next((each.release for each in reversed(self.history) if each.release != self.release), None)

    def publishing(self, release: int, at: str, stale_paths: Sequence[str]) -> PublishedSite:
        """Return the document after the publication of a release."""
        history = self.history if release == self.release else (*self.history, Publication(release=release, at=at))
        return PublishedSite(history=history[-_HISTORY:], stale_paths=tuple(stale_paths))


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteState:
    """What the bucket contains."""

    objects: Mapping[str, str]
    """MD5 digest by key."""
    published: PublishedSite
    releases: Mapping[int, Release] = field(default_factory=dict[int, Release])
    headers: Mapping[str, Headers] = field(default_factory=dict[str, Headers])
    """The headers of objects that are not as the published release lists them."""

    @property
    def current(self) -> Release | None:
        """The published release."""
        return None if self.published.release is None else self.releases.get(self.published.release)


def manifest_key(number: int) -> str:
    """Return the key of a release's manifest."""
    return f"{RELEASES}{number:06}.json"


def digest_of(files: Mapping[str, FileEntry]) -> str:
    """Return the digest of names, contents and headers."""
    text = json.dumps({key: asdict(entry) for key, entry in sorted(files.items())}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_state(store: ObjectStore) -> SiteState:
    """Return what the bucket contains. Raises CommandError."""
    objects = store.list()
    content = store.read(_CURRENT)
    published = PublishedSite() if content is None else _parse(PublishedSite, _CURRENT, content)
    releases: dict[int, Release] = {}
    for key in sorted(objects):
        found = _MANIFEST.fullmatch(key)
        content = store.read(key) if found else None
        if found and content is not None:
            releases[int(found["number"])] = _parse(Release, key, content)
    return SiteState(objects=objects, published=published, releases=releases)


def write_published(store: ObjectStore, published: PublishedSite) -> None:
    """Write which release is published."""
    store.write(_CURRENT, published.model_dump_json(indent=1).encode())


def _parse(model: Any, key: str, content: bytes) -> Any:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise CommandError(
            f"{key}: not a document of this version of tierup (got {error.error_count()} errors). Use the version that "
            "deployed the site, or restore an earlier version of the object.",
            ExitCode.SETTINGS,
        ) from error
