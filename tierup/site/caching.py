"""The headers of the site's files: Cache-Control by path, content type, and compression.

The CDN compresses text files, so they are uploaded as they are. CloudFront compresses files of at most 10,000,000 bytes
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html, read 2026-11-28), so
larger ones are uploaded with gzip; a file with a Content-Encoding is delivered as it is (same page). All browsers
accept gzip. Cloudflare has no such limit.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Final

from tierup.program_loader import import_path
from tierup.program_settings import Settings

with import_path():
    from components.cdn.cache_tags import cache_tags_of
    from components.cdn.provider import CdnKind
    from stacks.catalog.phases import features
    from stacks.catalog.site_cache import site_cache_rules

LARGEST_COMPRESSED_BYTES: Final = 10_000_000
"""The largest file that CloudFront compresses."""

_IMMUTABLE: Final = re.compile(r"\bimmutable\b", re.IGNORECASE)

# What Python's own table lacks, or maps to a type that browsers refuse or save. The table of the machine is not read,
# because it differs between machines.
_TYPES: Final = {
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
# Files without an extension whose format is fixed: https://developer.apple.com/documentation/xcode/supporting-associated-domains
# (from memory)
_NAMES: Final = {"apple-app-site-association": "application/json"}
_TEXT_TYPES: Final = frozenset(
    {
        *("application/json", "application/manifest+json", "application/wasm", "application/xml"),
        *("image/svg+xml", "application/ld+json", "application/rss+xml", "application/atom+xml"),
    }
)
_TABLE: Final = mimetypes.MimeTypes(filenames=())


@dataclass(frozen=True, kw_only=True, slots=True)
class CachingTable:
    """Cache-Control values by path pattern; the first pattern that matches applies."""

    rows: Sequence[tuple[str, str]]
    """Pattern ("/assets/*", "*" matches any characters) and value of Cache-Control. The last pattern is "/*"."""

    tags: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Cache tags by path pattern, which CloudFront reads from the metadata of an object."""

    def cache_tags(self, key: str) -> str:
        """Return the cache tags of an object, with commas."""
        return ",".join(cache_tags_of(key, self.tags))

    def cache_control(self, key: str) -> str:
        """Return the Cache-Control of an object."""
        return next(value for pattern, value in self.rows if fnmatchcase(f"/{key}", pattern))


def caching_table(settings: Settings) -> CachingTable:
    """Return the table of a stack: `tierup:siteCacheControl`, then the rules of its CDN."""
    pages, rules = settings.site_cache.applied(*site_cache_rules(features(settings.phase)))
    own: Mapping[str, str] = settings.site_cache_control
    return CachingTable(
        rows=(*own.items(), *((rule.path, rule.cache_control) for rule in (*rules, pages))),
        tags=settings.site_cache_tags if CdnKind.CLOUDFRONT in settings.cdns else {},
    )


def is_immutable(cache_control: str) -> bool:
    """Return whether browsers never request a file with this Cache-Control again."""
    return _IMMUTABLE.search(cache_control) is not None


def content_type(key: str) -> str:
    """Return the media type of a file by its name. Text is UTF-8."""
    path = PurePosixPath(key)
    suffix = path.suffix.lower()
    kind = _NAMES.get(path.name) or _TYPES.get(suffix) or _TABLE.guess_type(f"file{suffix}")[0]
    if kind is None:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def is_text(kind: str) -> bool:
    """Return whether a media type is compressible text."""
    return kind.startswith("text/") or kind in _TEXT_TYPES
