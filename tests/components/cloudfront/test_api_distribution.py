"""The API's distribution: nothing kept, everything passed on, and the origin sees who asks."""

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


def made(**more: Any) -> Recording[ApiDistribution]:
    return record(lambda: ApiDistribution("api-cdn", args(**more)))


def distribution(recording: Recording[ApiDistribution]) -> Recorded:
    return recording.one(DISTRIBUTION)


def test_it_is_made_of_these_and_no_others() -> None:
    parts = ("headers", "distribution", "log-source", "log-destination", "log-delivery")

    assert made().tree() == {"api-cdn": None, **{f"api-cdn-{part}": "api-cdn" for part in parts}}


def test_nothing_is_kept_and_everything_is_passed_on() -> None:
    behaviour = distribution(made()).inputs["defaultCacheBehavior"]

    assert behaviour["cachePolicyId"] == CACHING_DISABLED
    assert behaviour["originRequestPolicyId"] == ALL_VIEWER, "also Host, so that the origin's certificate fits"
    assert {"POST", "DELETE", "PATCH", "PUT"} <= set(behaviour["allowedMethods"])
    assert behaviour["viewerProtocolPolicy"] == "https-only"


def test_the_load_balancer_is_asked_over_tls_with_a_secret_header() -> None:
    recording = made()
    (asked,) = distribution(recording).inputs["origins"]

    assert asked["customHeaders"] == [{"name": "x-origin-key", "value": KEY}]
    assert asked["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    assert asked["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]
    assert asked["customOriginConfig"]["originKeepaliveTimeout"] < 60, "the load balancer closes idle ones after 60 s"
    assert "origins" in distribution(recording).secret_inputs


def test_the_headers_fill_in_what_the_api_leaves_out() -> None:
    security = made().one("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").inputs["securityHeadersConfig"]

    assert {part["override"] for part in security.values()} == {False}
    assert len(security) == 5


def test_an_internal_load_balancer_is_reached_by_a_vpc_origin() -> None:
    recording = made(origin=origin(internal=InternalLoadBalancer(arn=BALANCER, origin_name="shop-prod-api")))
    endpoint = recording.one(VPC_ORIGIN).inputs["vpcOriginEndpointConfig"]
    (asked,) = distribution(recording).inputs["origins"]

    assert (endpoint["arn"], endpoint["originProtocolPolicy"]) == (BALANCER, "https-only")
    assert endpoint["name"] == "shop-prod-api"
    assert asked["vpcOriginConfig"]["vpcOriginId"] == "api-cdn-vpc-origin-id"
    assert "customOriginConfig" not in asked


def test_a_shield_stands_before_the_origin_when_asked_for() -> None:
    (asked,) = distribution(made(origin_shield_region="eu-west-1")).inputs["origins"]

    assert asked["originShield"] == {"enabled": True, "originShieldRegion": "eu-west-1"}
    assert "originShield" not in distribution(made()).inputs["origins"][0]


@pytest.mark.parametrize("name", ["api", "API.example.com", "api.example.com."])
def test_what_is_no_full_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="domain_name: got"):
        args(domain_name=name)


def test_one_wrong_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="read_timeout_seconds: got 121, allowed 1 to 120"):
        replace(origin(), read_timeout_seconds=121)
    with pytest.raises(ValueError, match="keepalive_seconds: got 0"):
        replace(origin(), keepalive_seconds=0)
    with pytest.raises(ValueError, match="origin_shield_region: got 'Europe'"):
        args(origin_shield_region="Europe")
    with pytest.raises(ValueError, match="origin_name: got ''"):
        InternalLoadBalancer(arn=BALANCER, origin_name="")
