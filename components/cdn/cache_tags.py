"""Cache tags of the site's files, by which a CDN drops them from its cache. This module creates no resources.

CloudFront reads them from a header of the origin's responses, which S3 sends for an object's metadata:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html (read 2026-11-28). For
Cloudflare a cache response rule adds them:
https://developers.cloudflare.com/cache/how-to/cache-response-rules/ (read 2026-11-28).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

METADATA = "cache-tag"
"""Key of the metadata of an object in S3."""
HEADER = f"x-amz-meta-{METADATA}"
"""Header of S3's response that contains the metadata."""

_PATTERN = re.compile(r"/[A-Za-z0-9_.~/*-]*")
_TAG = re.compile(r"[a-z0-9_.:-]{1,64}")
_MAX_PATTERNS = 10
"""Cache response rules on Cloudflare's plan Free.
https://developers.cloudflare.com/cache/how-to/cache-response-rules/ (read 2026-11-28)"""
_MAX_TAGS = 20
"""Tags of all patterns together, so that a file that matches all patterns stays below CloudFront's 50 tags of an object
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html, read 2026-11-28)
and S3's 2 kB of metadata (from memory)."""


def check_cache_tags(argument: str, tags: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError unless `tags` has tags by path pattern that both CDNs accept."""
    for pattern, names in tags.items():
        if not _PATTERN.fullmatch(pattern):
            raise ValueError(
                f"{argument}: not a path pattern (got {pattern!r}). Begin with / and use letters, digits, _ - . ~ / "
                "and * for any characters."
            )
        if not names:
            raise ValueError(f"{argument}: no tags (got none for {pattern}). Give at least one tag.")
        for name in names:
            if not _TAG.fullmatch(name):
                raise ValueError(
                    f"{argument}: not a cache tag (got {name!r}). Use 1 to 64 lower-case letters, digits, _ . : and -; "
                    "tags ignore case."
                )
    count = len({name for names in tags.values() for name in names})
    if len(tags) > _MAX_PATTERNS or count > _MAX_TAGS:
        raise ValueError(
            f"{argument}: too many (got {len(tags)} patterns with {count} tags). Give at most {_MAX_PATTERNS} patterns "
            f"and {_MAX_TAGS} tags."
        )


def cache_tags_of(key: str, tags: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the tags of all patterns that match an object's key, once each."""
    return list(
        dict.fromkeys(name for pattern, names in tags.items() if fnmatchcase(f"/{key}", pattern) for name in names)
    )
