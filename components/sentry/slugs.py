"""The slugs by which Sentry names organizations, teams and projects."""

from __future__ import annotations

import re

# MIXED_SLUG_PATTERN in https://github.com/getsentry/sentry, src/sentry/slug/patterns.py (read 2026-11-28)
_SLUG = re.compile(r"(?![0-9]+$)[a-z0-9_-]{1,50}")


def check_slug(argument: str, slug: str) -> None:
    """Raise ValueError unless `slug` is one of Sentry."""
    if not _SLUG.fullmatch(slug):
        raise ValueError(
            f"{argument}: not a slug of Sentry (got {slug!r}). Use 1 to 50 lowercase letters, digits, _ and -, not "
            "digits alone."
        )


def slug_of(*parts: str) -> str:
    """Return a slug made of names: in lower case, with - between them."""
    return re.sub(r"[^a-z0-9_]+", "-", "-".join(parts).lower()).strip("-")[:50].rstrip("-")
