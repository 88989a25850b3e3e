"""Further names that serve the site: certificate, CDN, DNS, CORS and purges have them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.config.reading import parse
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CLOUDFLARE_ZONE
from tests.stacks.test_options import built_with_secrets, errors
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic.evaluation import Report, evaluate

CLOUDFLARE: Any = {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE}
ALIASES = '["www.example.com"]'
REDIRECTS = '["example.com"]'
ORIGINS = ["https://app.example.com", "https://www.example.com"]


def allowed_origins(recording: Any) -> list[str]:
    (definition,) = (
        json.loads(each.inputs["containerDefinitions"])
        for each in recording.of("aws:ecs/taskDefinition:TaskDefinition")
        if each.name.startswith("backend")
    )
    variables = {each["name"]: each["value"] for each in definition[0]["environment"]}
    return variables["ALLOWED_ORIGINS"].split(",")


def test_cloudfront_serves_aliases_and_redirects_the_other_names() -> None:
    recording = built_with_secrets(siteAliases=ALIASES, siteRedirects=REDIRECTS)
    names = ["www.example.com", "example.com"]
    assert recording.named("site-certificate-certificate").inputs["subjectAlternativeNames"] == names
    assert recording.named("cdn-distribution").inputs["aliases"] == ["app.example.com", *names]
    assert 'REDIRECTED = ["example.com"]' in recording.named("cdn-router").inputs["code"]
    assert {f"site-alias-{name}" for name in names} <= {each.name for each in recording.resources}
    cors = recording.named("cdn-headers").inputs["corsConfig"]
    assert cors["accessControlAllowOrigins"]["items"] == ORIGINS
    assert allowed_origins(recording) == ORIGINS


def test_cloudflare_serves_aliases_from_the_bucket() -> None:
    recording = built_with_secrets(siteAliases=ALIASES, **CLOUDFLARE)
    sites = '(http.host in {"app.example.com" "www.example.com"})'
    (connected,) = recording.named("origin-connector").inputs["rules"]
    assert connected["expression"] == sites
    for ruleset in ("origin-pages", "origin-keys", "cdn-rules", "site-headers-rules"):
        assert recording.named(ruleset).inputs["rules"][0]["expression"].startswith(sites), ruleset
    record = recording.named("site-record-www.example.com-cname").inputs
    assert record["proxied"] is True
    assert [each["ref"] for each in recording.named("site-headers-rules").inputs["rules"]] == [
        "security",
        "cors-app.example.com",
        "cors-www.example.com",
    ]
    assert allowed_origins(recording) == ORIGINS


def test_site_hosts_are_the_domain_and_its_aliases() -> None:
    settings = parse({**MINIMAL_CONFIG, "tierup:siteAliases": ALIASES}, secret_keys=(), stack="dev")
    assert settings.site_hosts == ("app.example.com", "www.example.com")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"siteRedirects": ALIASES}, "the name is listed twice"),
        ({"siteRedirects": json.dumps([f"r{n}.example.com" for n in range(9)])}, "too many names"),
    ],
)
def test_aliases_that_are_not_possible_are_rejected(settings: dict[str, Any], message: str) -> None:
    assert message in errors(siteAliases=ALIASES, **settings)["tierup:siteAliases"]


def test_aliases_beyond_the_transform_rules_of_cloudflare_are_rejected() -> None:
    six = json.dumps([f"a{number}.example.com" for number in range(6)])
    assert "the transform rules of the plan free" in errors(siteAliases=six, **CLOUDFLARE)["tierup:siteAliases"]


def test_the_load_balancer_has_a_certificate_for_the_names_below_which_it_serves_the_api() -> None:
    recording = built_with_secrets(siteAliases=ALIASES, siteRedirects=REDIRECTS, apiPath="/api/*")
    certificate = recording.named("api-site-certificate-certificate").inputs
    assert (certificate["domainName"], certificate["subjectAlternativeNames"]) == (
        "app.example.com",
        ["www.example.com"],
    )
    records = recording.named("api-site-certificate-issued").inputs["validationRecordFqdns"]
    assert records == recording.named("site-certificate-issued").inputs["validationRecordFqdns"][:2]


def test_a_rule_of_an_existing_load_balancer_has_five_names_at_most() -> None:
    shared = {
        "arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/0123456789abcdef",
        "priority": 10,
    }
    names = json.dumps([f"a{number}.example.com" for number in range(4)])
    found = errors(siteAliases=names, apiPath="/api/*", existingLoadBalancer=json.dumps(shared))
    assert "the rule on the existing load balancer" in found["tierup:siteAliases"]


@pytest.mark.parametrize(
    ("cdn", "path"),
    [
        pytest.param({}, None, id="cloudfront", marks=pytest.mark.exhaustive),
        pytest.param(CLOUDFLARE, None, id="cloudflare", marks=pytest.mark.exhaustive),
        pytest.param({}, "/api/*", id="cloudfront with the API below the names"),
        pytest.param(CLOUDFLARE, "/api/*", id="cloudflare with the API below the names", marks=pytest.mark.exhaustive),
    ],
)
def test_browsers_reach_the_site_and_the_api_from_an_alias(cdn: dict[str, str], path: str | None) -> None:
    reports: list[Report] = []

    def inspect(cloud: Cloud) -> None:
        reports.append(evaluate(cloud))

    settings = {"phase": Phase.SCALE.value, "tier": "small", "siteAliases": ALIASES, **cdn}
    settings |= {"apiPath": path} if path else {}
    assert deploy(settings, inspect=inspect, destroy=True) == ([], [])
    assert [each.as_document() for each in [*reports[0].failed, *reports[0].opened]] == []
    served = {each.flow.id for each in reports[0].served}
    assert {
        "browser GET https://www.example.com/",
        "browser GET https://www.example.com/assets/app.js",
        "browser GET https://app.example.com/",
    } <= served
    assert ("browser GET https://www.example.com/api/tasks" in served) is (path is not None)
