"""A CloudFront distribution that requires HTTPS: the part that the site's and the API's distributions share.

create_distribution creates, as children of the calling component, the distribution and the delivery of its access logs
to an S3 bucket by standard logging v2 (vended logs). The older `loggingConfig` writes through ACLs, which a log bucket
with bucket-owner-enforced ownership does not have
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html, from memory). The
delivery's resources are in us-east-1 whatever the bucket's region; the bucket's policy allows
delivery.logs.amazonaws.com to write below AWSLogs/<account>/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.cloudfront.origins import Origin, OriginGroup

_CLOUDFRONT_REGION = "us-east-1"
_ERROR_CODES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""The status codes whose caching CloudFront can configure.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html (read
2026-11-28)"""

_ERROR_TTL_SECONDS = 10
"""CloudFront's default caching time of an error.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html (read 2026-11-28)"""

ErrorResponse: TypeAlias = "aws.cloudfront.DistributionCustomErrorResponseArgsDict"
Behavior: TypeAlias = "aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict"
PathBehavior: TypeAlias = "aws.cloudfront.DistributionOrderedCacheBehaviorArgsDict"


class PriceClass(StrEnum):
    """The edge locations that serve a distribution. Viewers elsewhere reach the nearest of them.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html (PriceClass; read 2026-11-24)
    """

    NORTH_AMERICA_EUROPE = "PriceClass_100"
    """North America, Europe and Israel; the cheapest class."""
    MOST = "PriceClass_200"
    """All locations except South America, Australia and New Zealand."""
    ALL = "PriceClass_All"
    """All locations."""

    @classmethod
    def for_region(cls, region: str) -> PriceClass:
        """Return the cheapest class with edge locations near viewers in an AWS region."""
        if region in _SOUTHERN_REGIONS or region.startswith("sa-"):
            return cls.ALL
        if region.startswith(("us-", "ca-", "mx-", "eu-", "il-")):
            return cls.NORTH_AMERICA_EUROPE
        return cls.MOST


_SOUTHERN_REGIONS = frozenset({"ap-southeast-2", "ap-southeast-4", "ap-southeast-6"})
"""Sydney, Melbourne and New Zealand, whose edge locations only PriceClass.ALL includes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DistributionArgs:
    """Arguments of every distribution."""

    certificate_arn: Input[str]
    """ARN of a certificate in us-east-1 for all names."""
    access_log_bucket_arn: Input[str]
    """ARN of a bucket, in any region, that log delivery of this account may write to."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    web_acl_arn: Input[str] | None = None
    """ARN of a web ACL of scope CLOUDFRONT. It enforces an API's rate limit, because the load balancer sees
    CloudFront's addresses only."""
    price_class: PriceClass = PriceClass.NORTH_AMERICA_EUROPE
    """The edge locations that serve the distribution."""


class DistributionComponent(ComponentResource):
    """A component that creates one distribution, with the distribution's outputs."""

    arn: Output[str]
    """ARN of the distribution, for the policy of a bucket behind it."""
    distribution_id: Output[str]
    """Id of the distribution, for invalidations, and the `DistributionId` dimension of its metrics."""
    domain_name: Output[str]
    """CloudFront's domain name, the target of an alias record."""
    hosted_zone_id: Output[str]
    """Route 53 hosted zone id of `domain_name`, for an alias record."""

    def _set_outputs(self, distribution: aws.cloudfront.Distribution) -> None:
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


def create_distribution(
    name: str,
    args: DistributionArgs,
    domain_names: Sequence[str],
    *,
    child: ResourceOptions,
    origins: Sequence[Origin],
    behavior: Behavior,
    origin_groups: Sequence[OriginGroup] | None = None,
    path_behaviors: Sequence[PathBehavior] | None = None,
    root_object: str | None = None,
    error_ttl_seconds: int | None = None,
    error_pages: Mapping[int, str] | None = None,
    cache_tag_header: str | None = None,
) -> aws.cloudfront.Distribution:
    """Create a distribution for `domain_names` with HTTP/3 and IPv6, and the delivery of its access logs.

    `behavior` applies to every path that none of `path_behaviors` matches. `error_ttl_seconds` is the caching time of
    error responses; None is CloudFront's default of 10 s. `error_pages` are paths of pages by status code, which
    replace the body of the error. `cache_tag_header` is the header of the origin with the cache tags of a response.
    """
    distribution = aws.cloudfront.Distribution(
        f"{name}-distribution",
        enabled=True,
        comment=f"{name} of {domain_names[0]}",
        aliases=list(domain_names),
        http_version="http2and3",
        is_ipv6_enabled=True,
        price_class=args.price_class.value,
        web_acl_id=args.web_acl_arn,
        default_root_object=root_object,
        origins=origins,
        origin_groups=origin_groups,
        default_cache_behavior=behavior,
        ordered_cache_behaviors=path_behaviors,
        cache_tag_config=None if cache_tag_header is None else {"header_name": cache_tag_header},
        custom_error_responses=_error_responses(error_ttl_seconds, error_pages or {}),
        viewer_certificate={
            "acm_certificate_arn": args.certificate_arn,
            "ssl_support_method": "sni-only",
            "minimum_protocol_version": "TLSv1.2_2021",
        },
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        tags={**args.tags, "Name": name},
        opts=child,
    )
    _deliver_logs(name, distribution, bucket_arn=args.access_log_bucket_arn, tags=args.tags, child=child)
    return distribution


def _error_responses(ttl_seconds: int | None, pages: Mapping[int, str]) -> list[ErrorResponse] | None:
    if ttl_seconds is None and not pages:
        return None
    seconds = _ERROR_TTL_SECONDS if ttl_seconds is None else ttl_seconds
    responses: list[ErrorResponse] = []
    for code in _ERROR_CODES if ttl_seconds is not None else sorted(pages):
        response: ErrorResponse = {"error_code": code, "error_caching_min_ttl": seconds}
        if code in pages:
            response["response_code"] = code
            response["response_page_path"] = pages[code]
        responses.append(response)
    return responses


def _deliver_logs(
    name: str,
    distribution: aws.cloudfront.Distribution,
    *,
    bucket_arn: Input[str],
    tags: Mapping[str, str],
    child: ResourceOptions,
) -> None:
    source = aws.cloudwatch.LogDeliverySource(
        f"{name}-log-source",
        log_type="ACCESS_LOGS",
        resource_arn=distribution.arn,
        region=_CLOUDFRONT_REGION,
        tags={**tags, "Name": f"{name}-log-source"},
        opts=child,
    )
    destination = aws.cloudwatch.LogDeliveryDestination(
        f"{name}-log-destination",
        delivery_destination_configuration={"destination_resource_arn": bucket_arn},
        output_format="json",
        region=_CLOUDFRONT_REGION,
        tags={**tags, "Name": f"{name}-log-destination"},
        opts=child,
    )
    aws.cloudwatch.LogDelivery(
        f"{name}-log-delivery",
        delivery_source_name=source.name,
        delivery_destination_arn=destination.arn,
        # AWS prepends AWSLogs/<account>/CloudFront/, where the bucket's policy allows the delivery, but stores an
        # update of the suffix as given. Since February 2026 the provider sends the whole path in an update
        # (hashicorp/terraform-provider-aws#46328, fixed by #46455; read 2026-11-24).
        s3_delivery_configurations=[
            {"suffix_path": "{DistributionId}/{yyyy}/{MM}/{dd}", "enable_hive_compatible_path": False}
        ],
        region=_CLOUDFRONT_REGION,
        tags={**tags, "Name": f"{name}-log-delivery"},
        opts=child,
    )
