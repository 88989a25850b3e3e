"""The API below a path of the site's host name (tierup:apiPath): both CDNs forward it, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.catalog.phases import Phase
from tests.engine_recorder import Recording
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CLOUDFLARE_ZONE
from tests.stacks.test_options import built_with_secrets, errors
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic.evaluation import Report, evaluate

CDNS: dict[str, dict[str, str]] = {
    "cloudfront": {"cdn": "cloudfront"},
    "cloudflare": {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE},
}


def behaviors(recording: Recording[Any]) -> list[tuple[str, str]]:
    distribution = recording.named("cdn-distribution").inputs
    return [(each["pathPattern"], each["targetOriginId"]) for each in distribution["orderedCacheBehaviors"]]


def test_cloudfront_forwards_the_path_before_all_others_and_caches_no_error() -> None:
    recording = built_with_secrets(apiPath="/api/*")
    assert behaviors(recording)[0] == ("/api/*", "api")
    distribution = recording.named("cdn-distribution").inputs
    (origin,) = (each for each in distribution["origins"] if each["originId"] == "api")
    assert [each["name"] for each in origin["customHeaders"]] == ["x-origin-key"]
    assert {each["errorCachingMinTtl"] for each in distribution["customErrorResponses"]} == {0}
    assert ("/api/*", "api") not in behaviors(built_with_secrets())


def test_the_load_balancer_has_a_certificate_for_the_name_of_the_site() -> None:
    recording = built_with_secrets(apiPath="/api/*")
    certificate = recording.named("api-site-certificate-certificate").inputs
    assert certificate["domainName"] == recording.named("site-certificate-certificate").inputs["domainName"]
    assert recording.named("api-site-listener").type == "aws:lb/listenerCertificate:ListenerCertificate"
    # The site's certificate and this one share the validation record, so only the first one creates it.
    names = [each.name for each in recording.of("aws:route53/record:Record")]
    assert [name for name in names if name.startswith("api-site-certificate")] == []


def test_the_web_acl_of_the_site_limits_clients_of_the_api() -> None:
    rules = {each["name"] for each in built_with_secrets(apiPath="/api/*").named("site-web-acl-acl").inputs["rules"]}
    without = {each["name"] for each in built_with_secrets().named("site-web-acl-acl").inputs["rules"]}
    assert rules - without == {"rate-limit", "bots"}


def test_pages_call_the_api_on_their_own_origin() -> None:
    assert built_with_secrets(apiPath="/api/*").result["vite_api_url"] == "https://app.example.com/api"
    assert built_with_secrets(apiPath="/api/v1/*").result["vite_api_url"] == "https://app.example.com/api/v1"


@pytest.mark.parametrize("cdn", [pytest.param("cloudfront", marks=pytest.mark.exhaustive), "cloudflare"])
def test_requests_of_both_names_reach_the_api_and_pages_the_bucket(cdn: str) -> None:
    reports: list[Report] = []

    def inspect(cloud: Cloud) -> None:
        reports.append(evaluate(cloud))

    settings = {"phase": "scale", "tier": "small", "apiPath": "/api/*", **CDNS[cdn]}
    problems, left = deploy(settings, inspect=inspect, destroy=True)
    assert (problems, left) == ([], [])
    served = {each.flow.id for each in reports[0].served}
    assert [each.as_document() for each in reports[0].failed] == []
    assert [each.as_document() for each in reports[0].opened] == []
    assert {
        "browser GET https://app.example.com/",
        "browser GET https://app.example.com/assets/app.js",
        "browser GET https://app.example.com/api/tasks",
        "browser POST https://app.example.com/api/tasks",
    } <= served


def test_a_path_is_refused_before_the_api_is_behind_the_cdn_and_outside_api() -> None:
    assert "from phase scale on" in errors(Phase.OPTIMIZATION, apiPath="/api/*")["tierup:apiPath"]
    assert "/api/" in errors(apiPath="/v1/*")["tierup:apiPath"]
