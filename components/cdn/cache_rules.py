"""Cache rules of the site's files by path, for either CDN. This module creates no resources.

A rule holds both the edge's TTL and the Cache-Control of the files, because both CDNs read stale-while-revalidate and
stale-if-error from that header only
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html,
https://developers.cloudflare.com/cache/concepts/cache-control/, the latter read 2026-11-29).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

YEAR_SECONDS = 365 * 24 * 3600

# CloudFront's path patterns without "?", which Cloudflare's `wildcard` does not support.
_PATH = re.compile(r"/[A-Za-z0-9_\-.*~/]{0,254}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_DIRECTIVE = r"[a-z-]+(=\d{1,9})?"
_CACHE_CONTROL = re.compile(rf"{_DIRECTIVE}(, ?{_DIRECTIVE})*")


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheRule:
    """Caching of the files below one path."""

    name: str
    """Short stable name, 1 to 31 of a-z, 0-9 and -. It is part of the cache policy's name."""
    path: str
    """Path pattern with `*` for any characters: "/assets/*", "/*.json"."""
    edge_seconds: int
    """TTL at the edge, 1 to a year."""
    browser_seconds: int = 0
    """TTL in browsers, 0 to a year. A year also declares that the file never changes (immutable)."""
    stale_while_revalidate_seconds: int = 0
    """How long the CDN serves an expired file while it fetches the new one, 0 to a year."""
    stale_if_error_seconds: int = 0
    """How long the CDN serves an expired file while the origin fails, 0 to a year."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                f"name: not a cache rule's name (got {self.name!r}). Use 1 to 31 of a-z, 0-9 and -, beginning with a "
                "letter."
            )
        if not _PATH.fullmatch(self.path):
            raise ValueError(
                f"path: not a pattern that both CDNs match alike (got {self.path!r}). Begin with / and use letters, "
                "digits, _ - . ~ / and * for any characters."
            )
        for field, seconds in (
            ("edge_seconds", self.edge_seconds),
            ("browser_seconds", self.browser_seconds),
            ("stale_while_revalidate_seconds", self.stale_while_revalidate_seconds),
            ("stale_if_error_seconds", self.stale_if_error_seconds),
        ):
            lowest = 1 if field == "edge_seconds" else 0
            if not lowest <= seconds <= YEAR_SECONDS:
                raise ValueError(
                    f"{field}: outside the limits for {self.name} (got {seconds}). Give {lowest} to {YEAR_SECONDS}, "
                    "a year."
                )

    @property
    def retention_seconds(self) -> int:
        """The maximum TTL that the CDN needs: the longest time for which a file is fresh or may be served stale."""
        return max(self.edge_seconds, self.stale_while_revalidate_seconds, self.stale_if_error_seconds)

    @property
    def serves_stale(self) -> bool:
        """Whether an expired file may be served."""
        return bool(self.stale_while_revalidate_seconds or self.stale_if_error_seconds)

    @property
    def cache_control(self) -> str:
        """The Cache-Control header of the files below this path."""
        parts = ["public", f"max-age={self.browser_seconds}"]
        if self.browser_seconds == YEAR_SECONDS:
            parts.append("immutable")
        if self.edge_seconds != self.browser_seconds:
            parts.append(f"s-maxage={self.edge_seconds}")
        if self.stale_while_revalidate_seconds:
            parts.append(f"stale-while-revalidate={self.stale_while_revalidate_seconds}")
        if self.stale_if_error_seconds:
            parts.append(f"stale-if-error={self.stale_if_error_seconds}")
        return ", ".join(parts)


ASSETS = CacheRule(name="assets", path="/assets/*", edge_seconds=YEAR_SECONDS, browser_seconds=YEAR_SECONDS)
"""Vite's output, whose file names hold a hash of the content, so a file never changes."""

PAGES = CacheRule(name="pages", path="/*", edge_seconds=60)
"""All other files: a new build is visible within a minute, without an invalidation."""

PAGES_SERVED_STALE = CacheRule(
    name="pages",
    path="/*",
    edge_seconds=60,
    stale_while_revalidate_seconds=600,
    stale_if_error_seconds=24 * 3600,
)
"""PAGES that the CDN serves stale for ten minutes while it revalidates, and for a day while the bucket fails."""


def check_rules(rules: Sequence[CacheRule]) -> None:
    """Raise ValueError if two rules have the same name or path."""
    for field, values in (("name", [rule.name for rule in rules]), ("path", [rule.path for rule in rules])):
        duplicates = sorted({value for value in values if values.count(value) > 1})
        if duplicates:
            raise ValueError(
                f"cache_rules: two rules have the same {field}, so only one could match (got {', '.join(duplicates)}). "
                f"Give each rule its own {field}."
            )


def check_cache_control(argument: str, values: Mapping[str, str]) -> None:
    """Raise ValueError unless `values` has values of Cache-Control by path pattern."""
    for path, value in values.items():
        if not _PATH.fullmatch(path):
            raise ValueError(
                f"{argument}: not a path pattern (got {path!r}). Begin with / and use letters, digits, _ - . ~ / and * "
                "for any characters."
            )
        if not _CACHE_CONTROL.fullmatch(value):
            raise ValueError(
                f"{argument}: not a value of Cache-Control (got {value!r}). Give directives, separated by commas: "
                "public, max-age=31536000, immutable."
            )
