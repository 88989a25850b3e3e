"""How long browsers and the CDN keep the files of the site, by path.

Both the CDN's rules (stacks/resources/site.py) and the upload of a release (`tierup site deploy`) read this table, so
that the Cache-Control of a file and the TTL at the edge agree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from components.cdn.cache_rules import ASSETS, PAGES, PAGES_SERVED_STALE, CacheRule
from stacks.catalog.phases import Feature

# In addition to hashed assets and pages: files that Vite copies from public/ without a hash, and well-known URIs.
_BY_PATH: Final = (
    ASSETS,
    CacheRule(name="images", path="/images/*", edge_seconds=86_400, stale_while_revalidate_seconds=86_400),
    CacheRule(name="well-known", path="/.well-known/*", edge_seconds=3_600),
)


def site_cache_rules(features: Collection[Feature]) -> tuple[CacheRule, Sequence[CacheRule]]:
    """Return the rule of the pages, and the rules of further paths; the first rule that matches applies."""
    return (PAGES_SERVED_STALE, _BY_PATH) if Feature.CACHE_RULES_BY_PATH in features else (PAGES, (ASSETS,))
