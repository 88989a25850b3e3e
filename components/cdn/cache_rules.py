"""How long the site's files are kept, by path, for whichever CDN keeps them. No resources are made here.

A rule says what the edge does and what the upload of a build should write as the files' Cache-Control, because both
CDNs take "serve the old one while you fetch the new one" from there and from nowhere else
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html,
https://developers.cloudflare.com/cache/concepts/cache-control/, from memory, to be checked).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

YEAR_SECONDS = 365 * 24 * 3600

# CloudFront's path patterns without "?", which Cloudflare's `wildcard` does not know.
_PATH = re.compile(r"/[A-Za-z0-9_\-.*~/]{0,254}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheRule:
    """What happens to the files of one path."""

    name: str
    """Short and for good: it is part of the cache policy's name."""
    path: str
    """`*` stands for any characters: "/assets/*", "/*.json"."""
    edge_seconds: int
    """How long the CDN keeps a file."""
    browser_seconds: int = 0
    """How long a browser does, without asking. A year also says that the file never changes (immutable)."""
    stale_while_revalidate_seconds: int = 0
    """How long an expired file is still served while the CDN fetches the new one: nobody waits."""
    stale_if_error_seconds: int = 0
    """How long an expired file is still served while the origin does not answer."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"name: got {self.name!r}, allowed 1 to 31 of a-z, 0-9 and -, beginning with a letter")
        if not _PATH.fullmatch(self.path):
            raise ValueError(
                f"path: got {self.path!r}, allowed a path that begins with / and holds letters, digits, _ - . ~ / and *"
                " for any characters: no others mean the same to both CDNs"
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
                    f"{field} of {self.name}: got {seconds}, allowed {lowest} to {YEAR_SECONDS} (a year): "
                    "CDNs and browsers keep nothing longer"
                )

    @property
    def kept_seconds(self) -> int:
        """How long a CDN must be allowed to hold a file at most: as long as it may be fresh or stale."""
        return max(self.edge_seconds, self.stale_while_revalidate_seconds, self.stale_if_error_seconds)

    @property
    def serves_stale(self) -> bool:
        """Whether an expired file may still be served."""
        return bool(self.stale_while_revalidate_seconds or self.stale_if_error_seconds)

    @property
    def cache_control(self) -> str:
        """The Cache-Control that the upload of a build writes on the files of this path."""
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
"""Where Vite puts files whose names hold a hash of their content: a changed file is another file."""

PAGES = CacheRule(name="pages", path="/*", edge_seconds=60)
"""All else: a new build is seen within a minute, without emptying the cache."""

PAGES_SERVED_STALE = CacheRule(
    name="pages",
    path="/*",
    edge_seconds=60,
    stale_while_revalidate_seconds=600,
    stale_if_error_seconds=24 * 3600,
)
"""As PAGES, and nobody waits for a new page, nor sees an outage of the bucket for a day."""


def check_rules(rules: Sequence[CacheRule]) -> None:
    """Raises ValueError where two rules have one name or one path."""
    for what, values in (("name", [rule.name for rule in rules]), ("path", [rule.path for rule in rules])):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ValueError(f"cache rules: {what} {twice} stands twice, allowed once: only the first would ever match")
