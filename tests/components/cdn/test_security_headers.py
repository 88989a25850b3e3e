"""The site's header values: the Content-Security-Policy and the CORS origins."""

from __future__ import annotations

import pytest

from components.cdn.security_headers import SiteHeaders

APP = "https://app.example.com"


def directives(headers: SiteHeaders) -> dict[str, list[str]]:
    parts = [directive.split() for directive in headers.content_security_policy.split("; ")]
    return {name: sources for name, *sources in parts}


def test_policy_allows_scripts_of_the_site_only_and_no_framing() -> None:
    policy = directives(SiteHeaders(allowed_origins=[APP]))

    assert policy["default-src"] == ["'self'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'self'"]


def test_connect_src_holds_the_given_origins_only() -> None:
    headers = SiteHeaders(
        allowed_origins=[APP], connect_origins=["https://api.example.com", "https://*.ingest.sentry.io"]
    )

    assert directives(headers)["connect-src"] == ["'self'", "https://api.example.com", "https://*.ingest.sentry.io"]


@pytest.mark.parametrize(
    "origin",
    ["*", "http://app.example.com", "https://*.example.com", "https://app.example.com/", "https://APP.example.com", ""],
)
def test_invalid_allowed_origin_is_rejected(origin: str) -> None:
    with pytest.raises(ValueError, match=r"^allowed_origins: not an HTTPS origin"):
        SiteHeaders(allowed_origins=[APP, origin])


def test_missing_allowed_origins_are_rejected() -> None:
    with pytest.raises(ValueError, match="allowed_origins: must not be empty"):
        SiteHeaders(allowed_origins=[])


def test_further_sources_are_added_by_directive() -> None:
    headers = SiteHeaders(
        allowed_origins=[APP],
        csp_sources={"script-src": ["https://js.stripe.com"], "frame-src": ["https://js.stripe.com"]},
    )

    assert directives(headers)["script-src"] == ["'self'", "https://js.stripe.com"]
    assert directives(headers)["frame-src"] == ["'self'", "https://js.stripe.com"]
    assert directives(headers)["script-src-attr"] == ["'none'"]
    assert "frame-src" not in directives(SiteHeaders(allowed_origins=[APP]))


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ({"default-src": ["https://x.example.com"]}, r"\(got default-src\)\. Use one of script-src"),
        ({"script-src": ["'unsafe-eval'"]}, r"not a source .*\(got \"'unsafe-eval'\"\)"),
        ({"img-src": ["https://x.example.com; script-src *"]}, "not a source"),
    ],
)
def test_invalid_sources_are_rejected(sources: dict[str, list[str]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        SiteHeaders(allowed_origins=[APP], csp_sources=sources)


@pytest.mark.parametrize("source", ["'unsafe-eval'", "https://x.example.com; script-src *", "*", "data:"])
def test_invalid_csp_source_is_rejected(source: str) -> None:
    with pytest.raises(ValueError, match="connect_origins: not a source"):
        SiteHeaders(allowed_origins=[APP], connect_origins=[source])
