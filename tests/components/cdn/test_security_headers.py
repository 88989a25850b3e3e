"""The header values: what a page may do, and who may read it."""

from __future__ import annotations

import pytest

from components.cdn.security_headers import SiteHeaders

APP = "https://app.example.com"


def directives(headers: SiteHeaders) -> dict[str, list[str]]:
    parts = [directive.split() for directive in headers.content_security_policy.split("; ")]
    return {name: sources for name, *sources in parts}


def test_scripts_come_from_the_site_alone_and_no_page_frames_it() -> None:
    policy = directives(SiteHeaders(allowed_origins=[APP]))

    assert policy["default-src"] == ["'self'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'self'"]


def test_the_page_may_connect_to_the_api_and_nowhere_else_unsaid() -> None:
    headers = SiteHeaders(
        allowed_origins=[APP], connect_origins=["https://api.example.com", "https://*.ingest.sentry.io"]
    )

    assert directives(headers)["connect-src"] == ["'self'", "https://api.example.com", "https://*.ingest.sentry.io"]


@pytest.mark.parametrize(
    "origin",
    ["*", "http://app.example.com", "https://*.example.com", "https://app.example.com/", "https://APP.example.com", ""],
)
def test_an_origin_that_is_not_exactly_one_https_site_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match=r"allowed origin .* is not allowed"):
        SiteHeaders(allowed_origins=[APP, origin])


def test_no_origin_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed_origins is empty"):
        SiteHeaders(allowed_origins=[])


@pytest.mark.parametrize("source", ["'unsafe-eval'", "https://x.example.com; script-src *", "*", "data:"])
def test_nothing_but_a_host_gets_into_the_policy(source: str) -> None:
    with pytest.raises(ValueError, match="connect origin"):
        SiteHeaders(allowed_origins=[APP], connect_origins=[source])
