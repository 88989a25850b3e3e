"""The site's distribution: HTTPS, private origin, routing function, cache policies, headers and access logs."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from components.cdn.cache_rules import ASSETS, PAGES_SERVED_STALE, CacheRule
from components.cdn.security_headers import SiteHeaders
from components.cloudfront.distribution import PriceClass
from components.cloudfront.site_distribution import SiteDistribution, SiteDistributionArgs, page_router
from tests.engine_recorder import Recording, record

LOGS = "arn:aws:s3:::logs"
ARGS = SiteDistributionArgs(
    domain_names=["app.example.com"],
    certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/c",
    bucket_domain_name="site.s3.eu-west-1.amazonaws.com",
    headers=SiteHeaders(allowed_origins=["https://app.example.com"]),
    access_log_bucket_arn=LOGS,
    tags={"Stack": "dev"},
    web_acl_arn="arn:aws:wafv2:us-east-1:111122223333:global/webacl/w",
    price_class=PriceClass.ALL,
)
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


@pytest.fixture(scope="module")
def recording() -> Recording[SiteDistribution]:
    return record(lambda: SiteDistribution("cdn", ARGS))


@pytest.fixture(scope="module")
def distribution(recording: Recording[SiteDistribution]) -> dict[str, Any]:
    return dict(recording.one(DISTRIBUTION).inputs)


def test_creates_exactly_these_resources(recording: Recording[SiteDistribution]) -> None:
    parts = ("headers", "pages", "assets", "assets-headers", "access", "router", "distribution")
    logs = ("log-source", "log-destination", "log-delivery")

    assert recording.tree() == {"cdn": None, **{f"cdn-{part}": "cdn" for part in (*parts, *logs)}}


def test_behaviors_require_https_and_add_the_headers(distribution: dict[str, Any]) -> None:
    behaviors = [distribution["defaultCacheBehavior"], *distribution["orderedCacheBehaviors"]]

    assert len(behaviors) == 2
    for behavior in behaviors:
        assert behavior["viewerProtocolPolicy"] == "redirect-to-https"
    assert [each["responseHeadersPolicyId"] for each in behaviors] == ["cdn-headers-id", "cdn-assets-headers-id"]
    assert distribution["viewerCertificate"] == {
        "acmCertificateArn": ARGS.certificate_arn,
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2021",
    }


def test_origin_requests_are_signed(recording: Recording[SiteDistribution], distribution: dict[str, Any]) -> None:
    access = recording.one("aws:cloudfront/originAccessControl:OriginAccessControl").inputs

    assert distribution["origins"] == [
        {
            "originId": "site",
            "domainName": "site.s3.eu-west-1.amazonaws.com",
            "originAccessControlId": "cdn-access-id",
        }
    ]
    assert (access["originAccessControlOriginType"], access["signingBehavior"]) == ("s3", "always")


def test_distribution_has_web_acl_aliases_http_3_and_ipv6(distribution: dict[str, Any]) -> None:
    assert distribution["webAclId"] == ARGS.web_acl_arn
    assert distribution["priceClass"] == "PriceClass_All"
    assert distribution["aliases"] == ["app.example.com"]
    assert distribution["httpVersion"] == "http2and3"
    assert distribution["isIpv6Enabled"] is True
    assert distribution["defaultRootObject"] == "index.html"


def test_only_pages_have_the_router_function(distribution: dict[str, Any]) -> None:
    (assets,) = distribution["orderedCacheBehaviors"]

    assert "customErrorResponses" not in distribution
    assert assets["pathPattern"] == "/assets/*"
    assert "functionAssociations" not in assets
    (association,) = distribution["defaultCacheBehavior"]["functionAssociations"]
    assert association["eventType"] == "viewer-request"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed; the router is JavaScript")
@pytest.mark.parametrize(
    ("path", "served"),
    [
        ("/", "/index.html"),
        ("/tasks/42", "/index.html"),
        ("/v1.2/tasks/", "/index.html"),
        ("/index.html", "/index.html"),
        ("/favicon.ico", "/favicon.ico"),
        ("/.well-known/security", "/.well-known/security"),
    ],
)
def test_router_serves_index_html_for_paths_without_extension(path: str, served: str) -> None:
    request = {"uri": path, "headers": {"host": {"value": "app.example.com"}}}
    script = f"{page_router('app.example.com', [])}console.log(handler({json.dumps({'request': request})}).uri)"
    answer = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True, timeout=30)

    assert answer.stdout.strip() == served


def test_assets_are_cached_for_a_year_and_pages_for_a_minute(recording: Recording[SiteDistribution]) -> None:
    policies = {policy.name: policy.inputs for policy in recording.of("aws:cloudfront/cachePolicy:CachePolicy")}

    assert policies["cdn-assets"]["defaultTtl"] == policies["cdn-assets"]["maxTtl"] == 31_536_000
    assert policies["cdn-pages"]["defaultTtl"] == 60


@pytest.mark.parametrize("on", [True, False])
def test_compression_is_set_in_behaviors_and_cache_keys(on: bool) -> None:
    recording = record(lambda: SiteDistribution("cdn", replace(ARGS, compress=on)))
    inputs = recording.one(DISTRIBUTION).inputs

    assert {inputs["defaultCacheBehavior"]["compress"], inputs["orderedCacheBehaviors"][0]["compress"]} == {on}
    policies = recording.of("aws:cloudfront/cachePolicy:CachePolicy")
    keys = [policy.inputs["parametersInCacheKeyAndForwardedToOrigin"] for policy in policies]
    assert {(key["enableAcceptEncodingGzip"], key["enableAcceptEncodingBrotli"]) for key in keys} == {(on, on)}


def test_headers_of_the_checklist_are_set_and_cors_allows_the_given_origin_only(
    recording: Recording[SiteDistribution],
) -> None:
    policy = recording.named("cdn-headers").inputs
    security, cors = policy["securityHeadersConfig"], policy["corsConfig"]

    assert security["strictTransportSecurity"]["accessControlMaxAgeSec"] >= 31_536_000
    assert security["contentTypeOptions"] == {"override": True}
    assert security["frameOptions"]["frameOption"] == "DENY"
    assert security["contentSecurityPolicy"]["contentSecurityPolicy"] == ARGS.headers.content_security_policy
    assert "referrerPolicy" in security
    assert cors["accessControlAllowCredentials"] is True
    for lists in ("accessControlAllowOrigins", "accessControlAllowHeaders", "accessControlAllowMethods"):
        assert "*" not in cors[lists]["items"]
    assert cors["accessControlAllowOrigins"]["items"] == ["https://app.example.com"]


def test_access_logs_are_delivered_to_the_log_bucket(recording: Recording[SiteDistribution]) -> None:
    source = recording.one("aws:cloudwatch/logDeliverySource:LogDeliverySource").inputs
    destination = recording.one("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination").inputs
    delivery = recording.one("aws:cloudwatch/logDelivery:LogDelivery").inputs

    assert {source["region"], destination["region"], delivery["region"]} == {"us-east-1"}
    assert source["resourceArn"] == recording.value(recording.result.arn)
    assert source["logType"] == "ACCESS_LOGS"
    assert destination["deliveryDestinationConfiguration"] == {"destinationResourceArn": LOGS}
    assert delivery["deliverySourceName"] == "cdn-log-source-name"


def test_missing_domain_names_are_rejected() -> None:
    with pytest.raises(ValueError, match="domain_names: must not be empty"):
        replace(ARGS, domain_names=[])


def test_origin_shield_and_failover_change_the_distribution_only() -> None:
    grown = record(
        lambda: SiteDistribution(
            "cdn",
            replace(
                ARGS,
                origin_shield_for="eu-west-1",
                failover_bucket_domain_name="copy.s3.eu-central-1.amazonaws.com",
            ),
        )
    )
    inputs = grown.one(DISTRIBUTION).inputs
    site, failover = inputs["origins"]

    assert grown.tree() == record(lambda: SiteDistribution("cdn", ARGS)).tree()
    assert site["originShield"] == {"enabled": True, "originShieldRegion": "eu-west-1"}
    assert failover == {
        "originId": "site-failover",
        "domainName": "copy.s3.eu-central-1.amazonaws.com",
        "originAccessControlId": "cdn-access-id",
    }
    (group,) = inputs["originGroups"]
    assert [member["originId"] for member in group["members"]] == ["site", "site-failover"]
    assert 404 not in group["failoverCriteria"]["statusCodes"], "a file missing in one bucket is missing in both"
    behaviors = [inputs["defaultCacheBehavior"], *inputs["orderedCacheBehaviors"]]
    assert {behavior["targetOriginId"] for behavior in behaviors} == {group["originId"]}


def test_each_cache_rule_has_a_cache_policy_in_the_given_order() -> None:
    data = CacheRule(name="data", path="/data/*", edge_seconds=30, stale_while_revalidate_seconds=90)
    grown = record(lambda: SiteDistribution("cdn", replace(ARGS, pages=PAGES_SERVED_STALE, cache_rules=[ASSETS, data])))
    policies = {policy.name: policy.inputs for policy in grown.of("aws:cloudfront/cachePolicy:CachePolicy")}
    paths = {
        behavior["pathPattern"]: behavior["cachePolicyId"]
        for behavior in grown.one(DISTRIBUTION).inputs["orderedCacheBehaviors"]
    }

    assert list(paths.items()) == [("/assets/*", "cdn-assets-id"), ("/data/*", "cdn-data-id")]
    assert policies["cdn-data"]["defaultTtl"] == 30
    assert policies["cdn-data"]["maxTtl"] == 90, "a shorter TTL would expire the file before it is served stale"
    assert policies["cdn-pages"]["maxTtl"] == 86_400


@pytest.mark.parametrize("name", ["headers", "router", "access", "distribution"])
def test_cache_rule_with_reserved_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=rf"cache_rules: .*\(got {name}\)"):
        replace(ARGS, cache_rules=[CacheRule(name=name, path="/x", edge_seconds=1)])


def test_invalid_shield_region_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"origin_shield_for: .*\(got 'eu'\)"):
        replace(ARGS, origin_shield_for="eu")


@pytest.mark.parametrize(
    ("region", "shield"),
    [
        ("eu-west-1", "eu-west-1"),
        ("eu-west-3", "eu-west-2"),
        ("eu-north-1", "eu-west-2"),
        ("ca-central-1", "us-east-1"),
    ],
)
def test_shield_is_in_the_nearest_region_that_offers_it(region: str, shield: str) -> None:
    recording = record(lambda: SiteDistribution("cdn", replace(ARGS, origin_shield_for=region)))
    (origin,) = recording.one(DISTRIBUTION).inputs["origins"]

    assert origin["originShield"] == {"enabled": True, "originShieldRegion": shield}


def test_region_without_a_documented_shield_has_none() -> None:
    recording = record(lambda: SiteDistribution("cdn", replace(ARGS, origin_shield_for="ap-southeast-7")))
    (origin,) = recording.one(DISTRIBUTION).inputs["origins"]

    assert "originShield" not in origin


@pytest.mark.parametrize(
    ("region", "price_class"),
    [
        ("eu-west-1", PriceClass.NORTH_AMERICA_EUROPE),
        ("us-east-1", PriceClass.NORTH_AMERICA_EUROPE),
        ("ap-northeast-1", PriceClass.MOST),
        ("af-south-1", PriceClass.MOST),
        ("ap-southeast-2", PriceClass.ALL),
        ("sa-east-1", PriceClass.ALL),
    ],
)
def test_price_class_includes_the_regions_edge_locations(region: str, price_class: PriceClass) -> None:
    assert PriceClass.for_region(region) is price_class


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed; the router is JavaScript")
def test_other_names_are_redirected_with_path_and_query() -> None:
    router = page_router("app.example.com", ["www.example.com"])
    query = {"a": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]}, "b": {"value": ""}}
    request = {"uri": "/tasks/7", "querystring": query, "headers": {"host": {"value": "www.example.com"}}}
    own = {**request, "headers": {"host": {"value": "app.example.com"}}}
    generated = {**request, "headers": {"host": {"value": "d111111abcdef8.cloudfront.net"}}}
    answers = f"{json.dumps([request, own, generated])}.map(request => handler({{request}}))"
    script = f"{router}console.log(JSON.stringify({answers}))"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True, timeout=30)
    redirected, served, of_cloudfront = json.loads(done.stdout)
    assert redirected["statusCode"] == 301
    assert redirected["headers"]["location"]["value"] == "https://app.example.com/tasks/7?a=1&a=2&b"
    assert of_cloudfront == redirected
    assert served["uri"] == "/index.html"


def test_a_redirected_name_is_a_further_name_of_the_distribution() -> None:
    with pytest.raises(ValueError, match="redirected_names: not a further name"):
        replace(ARGS, redirected_names=["www.example.com"])
