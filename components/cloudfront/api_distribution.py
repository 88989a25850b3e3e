"""The API's CloudFront distribution, which caches nothing and forwards every request.

Creates the response headers policy, the VPC origin of an internal load balancer, the distribution and the delivery of
its access logs. It does not create the certificate, DNS records, web ACL, log bucket or the load balancer's
rules.
Checklist: HTTPS enforced, security headers, rate limiting and DDoS protection at the edge.

The API has its own distribution even if the site's distribution has a behavior for its path (`SiteApi` in
site_distribution.py), because a distribution has one certificate and other paths of the API's name (`/health`) would
return the site's page. A dedicated distribution is complete before the API's DNS record moves to it, in place, and the
record can move back. WebSocket connections need no configuration
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-working-with.websockets.html,
read 2026-11-24).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.cloudfront.distribution import Behavior, DistributionArgs, DistributionComponent, create_distribution
from components.cloudfront.origins import API, LoadBalancerOrigin, load_balancer_origin
from components.cloudfront.response_headers import api_response_headers
from components.dns.host_name import check_host_name

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""Ids of AWS managed policies, which are the same in every account.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html and
.../using-managed-origin-request-policies.html; read in aws-cdk-lib 2.275.0 (2026-11-24)"""

_EVERY_METHOD = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def api_behavior(response_headers_policy_id: Input[str]) -> Behavior:
    """Return the behavior of an API: it caches nothing, and forwards every request with all that the client sent."""
    return {
        "target_origin_id": API,
        # A redirect would hide that a client sends its token in plain text.
        "viewer_protocol_policy": "https-only",
        "allowed_methods": list(_EVERY_METHOD),
        "cached_methods": ["GET", "HEAD"],
        # CloudFront compresses only cacheable responses; the service compresses its own.
        "compress": False,
        "cache_policy_id": CACHING_DISABLED,
        "origin_request_policy_id": ALL_VIEWER,
        "response_headers_policy_id": response_headers_policy_id,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiDistributionArgs(DistributionArgs):
    """Arguments of ApiDistribution."""

    domain_name: str
    """Host name of the API, which the certificates of CloudFront and the load balancer both contain."""
    origin: LoadBalancerOrigin
    """The load balancer behind the distribution."""

    def __post_init__(self) -> None:
        check_host_name("domain_name", self.domain_name)


class ApiDistribution(DistributionComponent):
    """A distribution that forwards every request to the API's load balancer and caches nothing."""

    def __init__(self, name: str, args: ApiDistributionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ApiDistribution", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        self._set_outputs(self._distribution())

    def _distribution(self) -> aws.cloudfront.Distribution:
        args = self._args
        headers = api_response_headers(f"{self._logical_name}-headers", self._child)
        return create_distribution(
            self._logical_name,
            args,
            [args.domain_name],
            child=self._child,
            origins=[load_balancer_origin(args.origin, self._vpc_origin_id())],
            # CachingDisabled's cache key has neither query nor Authorization, so a cached error could reach other
            # users.
            error_ttl_seconds=0,
            behavior=api_behavior(headers.id),
        )

    def _vpc_origin_id(self) -> Output[str] | None:
        internal = self._args.origin.internal
        if internal is None:
            return None
        return aws.cloudfront.VpcOrigin(
            f"{self._logical_name}-vpc-origin",
            vpc_origin_endpoint_config={
                "name": internal.origin_name,
                "arn": internal.arn,
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": {"items": ["TLSv1.2"], "quantity": 1},
            },
            tags={**self._args.tags, "Name": f"{self._logical_name}-vpc-origin"},
            opts=self._child,
        ).id
