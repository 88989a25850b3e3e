"""The API's distribution: no caching, forwarded requests, and the origin's secret header."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.cloudfront.api_distribution import (
    ALL_VIEWER,
    CACHING_DISABLED,
    ApiDistribution,
    ApiDistributionArgs,
)
from components.cloudfront.origins import InternalLoadBalancer, LoadBalancerOrigin
from tests.engine_recorder import Recorded, Recording, record

BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/api/1"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
VPC_ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin"
KEY = "a-secret-key-of-64-letters"


def origin(**more: Any) -> LoadBalancerOrigin:
    return LoadBalancerOrigin(
        domain_name="api-1.eu-west-1.elb.amazonaws.com", origin_key=pulumi.Output.secret(KEY), **more
    )


def args(**more: Any) -> ApiDistributionArgs:
    given: dict[str, Any] = {
        "domain_name": "api.example.com",
        "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/c",
        "origin": origin(),
        "access_log_bucket_arn": "arn:aws:s3:::logs",
        "web_acl_arn": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/w",
        "tags": {"Stack": "dev"},
    }
    return ApiDistributionArgs(**(given | more))


def recorded(**more: Any) -> Recording[ApiDistribution]:
    return record(lambda: ApiDistribution("api-cdn", args(**more)))


def distribution(recording: Recording[ApiDistribution]) -> Recorded:
    return recording.one(DISTRIBUTION)


def test_creates_exactly_these_resources() -> None:
    parts = ("headers", "distribution", "log-source", "log-destination", "log-delivery")

    assert recorded().tree() == {"api-cdn": None, **{f"api-cdn-{part}": "api-cdn" for part in parts}}


def test_caching_is_disabled_and_requests_are_forwarded() -> None:
    behavior = distribution(recorded()).inputs["defaultCacheBehavior"]

    assert behavior["cachePolicyId"] == CACHING_DISABLED
    assert behavior["originRequestPolicyId"] == ALL_VIEWER, "it forwards Host, which the origin's certificate contains"
    assert {"POST", "DELETE", "PATCH", "PUT"} <= set(behavior["allowedMethods"])
    assert behavior["viewerProtocolPolicy"] == "https-only"


def test_origin_uses_tls_and_the_secret_header() -> None:
    recording = recorded()
    (balancer,) = distribution(recording).inputs["origins"]

    assert balancer["customHeaders"] == [{"name": "x-origin-key", "value": KEY}]
    assert balancer["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    assert balancer["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]
    assert balancer["customOriginConfig"]["originKeepaliveTimeout"] < 60, "the load balancer's idle timeout is 60 s"
    assert "origins" in distribution(recording).secret_inputs


def test_response_headers_do_not_override_the_api() -> None:
    security = (
        recorded().one("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").inputs["securityHeadersConfig"]
    )

    assert {part["override"] for part in security.values()} == {False}
    assert len(security) == 5


def test_internal_load_balancer_has_a_vpc_origin() -> None:
    recording = recorded(origin=origin(internal=InternalLoadBalancer(arn=BALANCER, origin_name="shop-prod-api")))
    endpoint = recording.one(VPC_ORIGIN).inputs["vpcOriginEndpointConfig"]
    (balancer,) = distribution(recording).inputs["origins"]

    assert (endpoint["arn"], endpoint["originProtocolPolicy"]) == (BALANCER, "https-only")
    assert endpoint["name"] == "shop-prod-api"
    assert balancer["vpcOriginConfig"]["vpcOriginId"] == "api-cdn-vpc-origin-id"
    assert "customOriginConfig" not in balancer


def test_api_has_no_origin_shield() -> None:
    (balancer,) = distribution(recorded()).inputs["origins"]

    assert "originShield" not in balancer


def test_errors_are_not_cached() -> None:
    """The cache key has no Authorization, so one client's error could reach another."""
    errors = {each["errorCode"]: each for each in distribution(recorded()).inputs["customErrorResponses"]}

    assert {404, 405, 500, 501, 502, 503, 504} <= set(errors)
    assert {each["errorCachingMinTtl"] for each in errors.values()} == {0}
    assert not [each for each in errors.values() if "responsePagePath" in each]


@pytest.mark.parametrize("name", ["api", "API.example.com", "api.example.com."])
def test_invalid_host_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match="domain_name: not a host name"):
        args(domain_name=name)


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"read_timeout_seconds: .*\(got 121\)\. Give 1 to 120"):
        replace(origin(), read_timeout_seconds=121)
    with pytest.raises(ValueError, match=r"keepalive_seconds: .*\(got 0\)"):
        replace(origin(), keepalive_seconds=0)
    with pytest.raises(ValueError, match=r"origin_name: .*\(got ''\)"):
        InternalLoadBalancer(arn=BALANCER, origin_name="")
