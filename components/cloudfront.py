"""The site's CDN: one CloudFront distribution before the private site bucket.

Makes: the origin access control, cache policies for pages and hashed assets, the response headers policy, the function
that routes a single-page app, the distribution and the delivery of its access logs. Not here: the bucket and its
policy, certificate, DNS, web ACL, log bucket.
Checklist: HTTPS enforced, security headers, CORS, CDN for static assets, response compression, logging.

Access logs are standard logging v2 (vended logs): the older `loggingConfig` writes through ACLs, which a log bucket
with bucket-owner-enforced ownership does not have
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html, read 2026-11-24).
Its resources live in us-east-1 whatever the bucket's region; the bucket's policy lets delivery.logs.amazonaws.com
write below AWSLogs/<account>/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from . import site_headers
from .site_headers import SiteHeaders

CLOUDFRONT_REGION = "us-east-1"
ORIGIN_ID = "site"
ASSETS_PATH = "/assets/*"
"""Where Vite puts files whose names hold a hash of their content."""
YEAR_SECONDS = 365 * 24 * 3600

# Error pages that answer 200 with index.html would do the same routing, but for the whole distribution: a missing
# script would be answered with HTML, and later every 404 of an API behind this CDN too. A function belongs to the one
# behaviour of the pages.
PAGE_ROUTER = """\
// A page of the app has no file of its own: whatever names no file is index.html.
function handler(event) {
  var request = event.request;
  var last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') === -1 && request.uri.indexOf('/.well-known/') !== 0) {
    request.uri = '/index.html';
  }
  return request;
}
"""


class PriceClass(StrEnum):
    """Which of CloudFront's locations serve the site; all of them are reached from everywhere."""

    NORTH_AMERICA_EUROPE = "PriceClass_100"
    MOST = "PriceClass_200"
    """Without South America, Australia and New Zealand."""
    ALL = "PriceClass_All"


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudfrontArgs:
    """What one distribution needs."""

    domain_names: Sequence[str]
    """Names it answers to, all in the certificate."""
    certificate_arn: Input[str]
    """Issued in us-east-1."""
    bucket_domain_name: Input[str]
    """The site bucket's regional domain name."""
    headers: SiteHeaders
    access_log_bucket_arn: Input[str]
    tags: Mapping[str, str]
    web_acl_arn: Input[str] | None = None
    """A web ACL of scope CLOUDFRONT."""
    compress: bool = True
    """Gzip and Brotli, of files of 1 kB to 10 MB."""
    price_class: PriceClass = PriceClass.NORTH_AMERICA_EUROPE

    def __post_init__(self) -> None:
        if not self.domain_names:
            raise ValueError("domain_names is empty; give at least one name: without one no browser trusts the site")


class Cloudfront(ComponentResource):
    """A distribution that only HTTPS gets an answer from."""

    arn: Output[str]
    distribution_id: Output[str]
    """For invalidations and metrics."""
    domain_name: Output[str]
    """CloudFront's own name, the target of a DNS alias."""
    hosted_zone_id: Output[str]

    def __init__(self, name: str, args: CloudfrontArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Cloudfront", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        distribution = self._distribution()
        self._deliver_logs(distribution)

        self.arn = distribution.arn
        self.distribution_id = distribution.id
        self.domain_name = distribution.domain_name
        self.hosted_zone_id = distribution.hosted_zone_id
        self.register_outputs(
            {
                "arn": self.arn,
                "distribution_id": self.distribution_id,
                "domain_name": self.domain_name,
                "hosted_zone_id": self.hosted_zone_id,
            }
        )

    def _distribution(self) -> aws.cloudfront.Distribution:
        args = self._args
        headers = self._response_headers()
        pages = self._behaviour(self._cache_policy("pages", default_seconds=60, max_seconds=24 * 3600), headers)
        assets = self._behaviour(self._cache_policy("assets", YEAR_SECONDS, YEAR_SECONDS), headers)
        return aws.cloudfront.Distribution(
            f"{self._logical_name}-distribution",
            enabled=True,
            comment=f"{self._logical_name} of {args.domain_names[0]}",
            aliases=list(args.domain_names),
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=args.price_class.value,
            web_acl_id=args.web_acl_arn,
            default_root_object="index.html",
            origins=[
                {
                    "origin_id": ORIGIN_ID,
                    "domain_name": args.bucket_domain_name,
                    "origin_access_control_id": self._origin_access().id,
                }
            ],
            default_cache_behavior={
                **pages,
                "function_associations": [
                    {"event_type": "viewer-request", "function_arn": self._page_router().arn},
                ],
            },
            ordered_cache_behaviors=[{**assets, "path_pattern": ASSETS_PATH}],
            viewer_certificate={
                "acm_certificate_arn": args.certificate_arn,
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": "TLSv1.2_2021",
            },
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            tags={**args.tags, "Name": self._logical_name},
            opts=self._child,
        )

    def _behaviour(
        self, cache_policy: aws.cloudfront.CachePolicy, headers: aws.cloudfront.ResponseHeadersPolicy
    ) -> aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict:
        return {
            "target_origin_id": ORIGIN_ID,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(site_headers.CORS_METHODS),
            "cached_methods": ["GET", "HEAD"],
            "compress": self._args.compress,
            "cache_policy_id": cache_policy.id,
            "response_headers_policy_id": headers.id,
        }

    def _cache_policy(self, what: str, default_seconds: int, max_seconds: int) -> aws.cloudfront.CachePolicy:
        return aws.cloudfront.CachePolicy(
            f"{self._logical_name}-{what}",
            comment=f"{what} of the site: {default_seconds} s unless the file says otherwise",
            # Not 0: CloudFront compresses only what it may cache.
            min_ttl=1,
            default_ttl=default_seconds,
            max_ttl=max_seconds,
            parameters_in_cache_key_and_forwarded_to_origin={
                "cookies_config": {"cookie_behavior": "none"},
                "headers_config": {"header_behavior": "none"},
                "query_strings_config": {"query_string_behavior": "none"},
                "enable_accept_encoding_gzip": self._args.compress,
                "enable_accept_encoding_brotli": self._args.compress,
            },
            opts=self._child,
        )

    def _response_headers(self) -> aws.cloudfront.ResponseHeadersPolicy:
        headers = self._args.headers
        return aws.cloudfront.ResponseHeadersPolicy(
            f"{self._logical_name}-headers",
            comment="Security headers and CORS of the site",
            security_headers_config={
                "strict_transport_security": {
                    "access_control_max_age_sec": site_headers.HSTS_SECONDS,
                    "include_subdomains": headers.hsts_subdomains,
                    "override": True,
                },
                "content_security_policy": {
                    "content_security_policy": headers.content_security_policy,
                    "override": True,
                },
                "content_type_options": {"override": True},
                "frame_options": {"frame_option": site_headers.FRAME_OPTION, "override": True},
                "referrer_policy": {"referrer_policy": site_headers.REFERRER_POLICY, "override": True},
            },
            cors_config={
                "access_control_allow_credentials": True,
                "access_control_allow_origins": {"items": list(headers.allowed_origins)},
                "access_control_allow_methods": {"items": list(site_headers.CORS_METHODS)},
                "access_control_allow_headers": {"items": list(site_headers.CORS_REQUEST_HEADERS)},
                "access_control_max_age_sec": site_headers.CORS_MAX_AGE_SECONDS,
                "origin_override": True,
            },
            opts=self._child,
        )

    def _origin_access(self) -> aws.cloudfront.OriginAccessControl:
        return aws.cloudfront.OriginAccessControl(
            f"{self._logical_name}-access",
            description="Signs every request to the site bucket",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=self._child,
        )

    def _page_router(self) -> aws.cloudfront.Function:
        return aws.cloudfront.Function(
            f"{self._logical_name}-router",
            comment="Every page of the app is index.html",
            runtime="cloudfront-js-2.0",
            code=PAGE_ROUTER,
            publish=True,
            tags={**self._args.tags, "Name": f"{self._logical_name}-router"},
            opts=self._child,
        )

    def _deliver_logs(self, distribution: aws.cloudfront.Distribution) -> None:
        name, tags = self._logical_name, self._args.tags
        source = aws.cloudwatch.LogDeliverySource(
            f"{name}-log-source",
            log_type="ACCESS_LOGS",
            resource_arn=distribution.arn,
            region=CLOUDFRONT_REGION,
            tags={**tags, "Name": f"{name}-log-source"},
            opts=self._child,
        )
        destination = aws.cloudwatch.LogDeliveryDestination(
            f"{name}-log-destination",
            delivery_destination_configuration={"destination_resource_arn": self._args.access_log_bucket_arn},
            output_format="json",
            region=CLOUDFRONT_REGION,
            tags={**tags, "Name": f"{name}-log-destination"},
            opts=self._child,
        )
        aws.cloudwatch.LogDelivery(
            f"{name}-log-delivery",
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            # Leave it as it is: AWS puts AWSLogs/<account>/CloudFront/ before it at creation, and takes that away again
            # at a change (hashicorp/terraform-provider-aws#46328), where the bucket's policy would refuse the logs.
            s3_delivery_configurations=[
                {"suffix_path": "{DistributionId}/{yyyy}/{MM}/{dd}", "enable_hive_compatible_path": False}
            ],
            region=CLOUDFRONT_REGION,
            tags={**tags, "Name": f"{name}-log-delivery"},
            opts=self._child,
        )
