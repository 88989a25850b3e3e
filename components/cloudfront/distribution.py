"""A CloudFront distribution that only HTTPS gets an answer from: the part that the site's and the API's share.

Makes, as children of whoever asks, the distribution and the delivery of its access logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.cloudfront.access_logs import deliver_logs
from components.cloudfront.origins import Origin, OriginGroup, check_shield_region
from components.cloudfront.price_class import PriceClass

Behaviour: TypeAlias = "aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict"
PathBehaviour: TypeAlias = "aws.cloudfront.DistributionOrderedCacheBehaviorArgsDict"


@dataclass(frozen=True, kw_only=True, slots=True)
class DistributionArgs:
    """What one distribution needs, whatever is behind it."""

    certificate_arn: Input[str]
    """Issued in us-east-1, for all names."""
    access_log_bucket_arn: Input[str]
    """Of a bucket that log delivery of this account may write to, of any region."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    web_acl_arn: Input[str] | None = None
    """A web ACL of scope CLOUDFRONT. An API's rate limit belongs there: its load balancer sees CloudFront's
    addresses."""
    price_class: PriceClass = PriceClass.NORTH_AMERICA_EUROPE
    """Which of CloudFront's locations serve it."""
    origin_shield_region: str | None = None
    """The region, best the origin's own, whose location asks the origin for all others. A bucket gets fewer requests,
    each paid a little more; those to a load balancer take AWS's network for all of the way."""

    def __post_init__(self) -> None:
        check_shield_region(self.origin_shield_region)


def distribution(
    name: str,
    args: DistributionArgs,
    domain_names: Sequence[str],
    *,
    child: ResourceOptions,
    origins: Sequence[Origin],
    behaviour: Behaviour,
    origin_groups: Sequence[OriginGroup] | None = None,
    path_behaviours: Sequence[PathBehaviour] | None = None,
    root_object: str | None = None,
) -> aws.cloudfront.Distribution:
    """One for `domain_names`, of HTTP/3 and IPv6 too. `behaviour` is for every path that is in no `path_behaviours`."""
    made = aws.cloudfront.Distribution(
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
        default_cache_behavior=behaviour,
        ordered_cache_behaviors=path_behaviours,
        viewer_certificate={
            "acm_certificate_arn": args.certificate_arn,
            "ssl_support_method": "sni-only",
            "minimum_protocol_version": "TLSv1.2_2021",
        },
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        tags={**args.tags, "Name": name},
        opts=child,
    )
    deliver_logs(name, made, bucket_arn=args.access_log_bucket_arn, tags=args.tags, child=child)
    return made
