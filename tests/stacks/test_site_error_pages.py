"""The site's own error pages, on both CDNs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.cdn.error_pages import ErrorPages
from components.cloudflare.error_pages import CloudflareErrorPages, CloudflareErrorPagesArgs
from components.cloudflare.plan import CloudflarePlan
from stacks.catalog.phases import Phase
from tests.engine_recorder import record
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CLOUDFLARE_ZONE
from tests.stacks.test_options import built_with_secrets, errors

CLOUDFLARE: Any = {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE}
PAGES = json.dumps({"notFound": "<h1>Not found</h1>", "serverError": "<h1>Later</h1>"})
ALL = json.dumps({**json.loads(PAGES), "forbidden": "<h1>No</h1>"})


def test_cloudfront_answers_with_pages_of_the_bucket() -> None:
    recording = built_with_secrets(siteErrorPages=ALL)
    page = recording.named("site-errors-not-found").inputs
    assert (page["key"], page["content"]) == ("error-pages/not-found.html", "<h1>Not found</h1>")
    responses = recording.named("cdn-distribution").inputs["customErrorResponses"]
    assert {each["errorCode"]: each["responsePagePath"] for each in responses} == {
        403: "/error-pages/forbidden.html",
        404: "/error-pages/not-found.html",
        **dict.fromkeys((500, 501, 502, 503, 504), "/error-pages/server-error.html"),
    }
    assert all(each["responseCode"] == each["errorCode"] for each in responses)
    assert "customErrorResponses" not in built_with_secrets().named("cdn-distribution").inputs


def test_cloudflare_answers_with_custom_error_rules() -> None:
    pages = ErrorPages(forbidden="<h1>No</h1>", not_found="<h1>Not found</h1>", server_error="<h1>Later</h1>")
    args = CloudflareErrorPagesArgs(
        zone_id="z", plan=CloudflarePlan.PRO, hosts=["app.example.com"], pages=pages, api_path="/api/*"
    )
    ruleset = record(lambda: CloudflareErrorPages("errors", args)).one("cloudflare:index/ruleset:Ruleset").inputs
    forbidden, missing, failed = ruleset["rules"]
    assert ruleset["phase"] == "http_custom_errors"
    assert '(cf.response.error_type eq "waf")' in forbidden["expression"]
    assert "(http.response.code in {403 404})" in missing["expression"]
    assert 'not starts_with(http.request.uri.path, "/api/")' in missing["expression"]
    assert missing["actionParameters"]["statusCode"] == 404
    assert failed["actionParameters"] == {"content": "<h1>Later</h1>", "contentType": "text/html"}


@pytest.mark.parametrize(
    ("key", "settings", "message"),
    [
        ("siteErrorPages", {"apiPath": "/api/*"}, "would replace errors of the API"),
        ("siteErrorPages", CLOUDFLARE, "plan free"),
        ("siteErrorPages", {"siteErrorPages": json.dumps({"notFound": "x" * 10_001})}, "not the size of an error page"),
    ],
)
def test_pages_that_the_cdn_cannot_show_are_rejected(key: str, settings: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"siteErrorPages": ALL, **settings}
    assert message in errors(**given)[f"tierup:{key}"]


@pytest.mark.parametrize(
    "cdn",
    [
        pytest.param({}, id="cloudfront"),
        pytest.param({**CLOUDFLARE, "cloudflarePlan": "pro", "apiPath": "/api/*"}, id="cloudflare"),
    ],
)
def test_pages_deploy_and_are_destroyed(cdn: dict[str, str]) -> None:
    settings = {"phase": Phase.SCALE.value, "tier": "small", "siteErrorPages": PAGES, **cdn}
    assert deploy(settings, destroy=True) == ([], [])
