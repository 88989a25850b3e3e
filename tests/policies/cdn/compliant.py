"""Resources that comply with the rules on CloudFront: a distribution in front of a server, and access logs."""

from __future__ import annotations

import pulumi_aws as aws

ACL_ARN = "arn:aws:wafv2:eu-west-1:111122223333:acl"
"""The ARN of the web ACL in ../compliant.py, as the mocks return it."""
DISTRIBUTION_ARN = "arn:aws:cloudfront:eu-west-1:111122223333:distribution"


def deploy() -> None:
    """Declare the resources."""
    kept = aws.cloudfront.CachePolicy(
        "kept",
        min_ttl=1,
        default_ttl=60,
        max_ttl=3600,
        parameters_in_cache_key_and_forwarded_to_origin={
            "cookies_config": {"cookie_behavior": "none"},
            "headers_config": {"header_behavior": "none"},
            "query_strings_config": {"query_string_behavior": "none"},
            "enable_accept_encoding_brotli": True,
            "enable_accept_encoding_gzip": True,
        },
    )
    aws.cloudfront.VpcOrigin(
        "vpc-origin",
        vpc_origin_endpoint_config={
            "name": "api",
            "arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/internal/1",
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": {"items": ["TLSv1.2"], "quantity": 1},
        },
    )
    api = aws.cloudfront.Distribution(
        "api-distribution",
        enabled=True,
        http_version="http2and3",
        is_ipv6_enabled=True,
        web_acl_id=ACL_ARN,
        origins=[
            {
                "origin_id": "api",
                "domain_name": "origin.example.com",
                "custom_origin_config": {
                    "http_port": 80,
                    "https_port": 443,
                    "origin_protocol_policy": "https-only",
                    "origin_ssl_protocols": ["TLSv1.2"],
                },
            },
            {
                # The mocks give a load balancer no host name; its id identifies the target too.
                "origin_id": "api-itself",
                "domain_name": "balancer-id",
                "custom_origin_config": {
                    "http_port": 80,
                    "https_port": 443,
                    "origin_protocol_policy": "https-only",
                    "origin_ssl_protocols": ["TLSv1.2"],
                },
            },
        ],
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        default_cache_behavior={
            "target_origin_id": "api",
            "viewer_protocol_policy": "https-only",
            "allowed_methods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
            "cached_methods": ["GET", "HEAD"],
            "response_headers_policy_id": "headers-id",
            "cache_policy_id": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",  # Managed-CachingDisabled
        },
        ordered_cache_behaviors=[
            {
                "path_pattern": "/docs/*",
                "target_origin_id": "api",
                "viewer_protocol_policy": "https-only",
                "allowed_methods": ["GET", "HEAD"],
                "cached_methods": ["GET", "HEAD"],
                "response_headers_policy_id": "headers-id",
                "cache_policy_id": kept.id,
                "compress": True,
            }
        ],
        viewer_certificate={
            "acm_certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/1",
            "minimum_protocol_version": "TLSv1.2_2021",
            "ssl_support_method": "sni-only",
        },
    )
    source = aws.cloudwatch.LogDeliverySource(
        "api-log-source", name="api", log_type="ACCESS_LOGS", resource_arn=api.arn, region="us-east-1"
    )
    _delivery("api-log-delivery", source)
    site = aws.cloudwatch.LogDeliverySource(
        "site-log-source", name="site", log_type="ACCESS_LOGS", resource_arn=DISTRIBUTION_ARN, region="us-east-1"
    )
    _delivery("site-log-delivery", site)


def _delivery(name: str, source: aws.cloudwatch.LogDeliverySource) -> None:
    aws.cloudwatch.LogDelivery(
        name,
        delivery_source_name=source.name,
        delivery_destination_arn="arn:aws:logs:us-east-1:111122223333:delivery-destination:logs",
        region="us-east-1",
    )
