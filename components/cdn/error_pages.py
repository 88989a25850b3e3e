"""The site's own error pages, for either CDN. This module creates no resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_PAGE_BYTES = 10_000
"""Size of a page: Cloudflare accepts 10 KB of inline content in a custom error rule.
https://developers.cloudflare.com/rules/custom-errors/parameters/ (read 2026-11-29)"""

_SERVER_ERRORS = (500, 501, 502, 503, 504)
"""The server errors that CloudFront replaces.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html (read 2026-11-28)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorPages:
    """HTML documents of at most 10,000 bytes each; None leaves the error as it is."""

    forbidden: str | None = None
    """Page of status 403, which CloudFront's web ACL returns for a blocked request."""
    not_found: str | None = None
    """Page of status 404, for a missing file."""
    server_error: str | None = None
    """Page of status 500 to 504, while the bucket fails."""

    def __post_init__(self) -> None:
        for argument, html in (
            ("forbidden", self.forbidden),
            ("not_found", self.not_found),
            ("server_error", self.server_error),
        ):
            size = None if html is None else len(html.encode())
            if size is not None and not 0 < size <= MAX_PAGE_BYTES:
                raise ValueError(
                    f"{argument}: not the size of an error page (got {size} bytes). Give 1 to {MAX_PAGE_BYTES} bytes."
                )

    @property
    def documents(self) -> Mapping[str, str]:
        """The pages by a short name."""
        given = {"forbidden": self.forbidden, "not-found": self.not_found, "server-error": self.server_error}
        return {name: html for name, html in given.items() if html is not None}

    @property
    def names_by_status(self) -> Mapping[int, str]:
        """The name of the page of each status code that has one."""
        codes: Mapping[str, Sequence[int]] = {
            "forbidden": (403,),
            "not-found": (404,),
            "server-error": _SERVER_ERRORS,
        }
        return {code: name for name in self.documents for code in codes[name]}
