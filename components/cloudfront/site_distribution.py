"""The site's CDN: one CloudFront distribution before the private site bucket.

Makes: the origin access control, a cache policy for pages and one for each further rule, the response headers policy,
the function that routes a single-page app, the distribution and the delivery of its access logs. Not here: the buckets
and their policies, certificate, DNS, web ACL, log bucket; the API's distribution (cloudfront_api.py).
Checklist: HTTPS enforced, security headers, CORS, CDN for static assets, response compression, logging.

Every argument can be changed in place: nothing here is replaced when a stack grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.cdn import security_headers as site_headers
from components.cdn.cache_rules import ASSETS, PAGES, CacheRule, check_rules
from components.cdn.provider import CLOUDFRONT_PREFIX_LIST, CdnKind, CdnOutputs, OriginCallers
from components.cdn.security_headers import SiteHeaders
from components.cloudfront.distribution import Behaviour, DistributionArgs, distribution
from components.cloudfront.origins import (
    FAILOVER,
    SITE,
    SITE_OR_FAILOVER,
    Origin,
    bucket_origin,
    failover_group,
)
from components.cloudfront.response_headers import site_response_headers

_PAGES_LONGEST_SECONDS = 24 * 3600
"""How long a page is kept that asks for it."""

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


_OTHER_PARTS = frozenset({"access", "distribution", "headers", "router"})
"""Names of children that no cache policy can have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteDistributionArgs(DistributionArgs):
    """What the site's distribution needs."""

    domain_names: Sequence[str]
    """Names it answers to, all in the certificate."""
    bucket_domain_name: Input[str]
    """The site bucket's regional domain name."""
    headers: SiteHeaders
    """What is sent with every answer."""
    compress: bool = True
    """Gzip and Brotli, of files of 1 kB to 10 MB."""
    pages: CacheRule = PAGES
    """Of every path that no other rule names."""
    cache_rules: Sequence[CacheRule] = (ASSETS,)
    """Of further paths; the first that fits a request holds. Their names are for good."""
    failover_bucket_domain_name: Input[str] | None = None
    """Regional domain name of a bucket with the same files, asked when the first answers with a 5xx or not at all."""

    def __post_init__(self) -> None:
        DistributionArgs.__post_init__(self)
        if not self.domain_names:
            raise ValueError("domain_names is empty; give at least one name: without one no browser trusts the site")
        check_rules([self.pages, *self.cache_rules])
        taken = sorted(_OTHER_PARTS.intersection(rule.name for rule in self.cache_rules))
        if taken:
            raise ValueError(
                f"cache_rules: got the name {taken[0]!r}, allowed any but {', '.join(sorted(_OTHER_PARTS))}"
            )


class SiteDistribution(ComponentResource):
    """A distribution that only HTTPS gets an answer from."""

    arn: Output[str]
    """For the bucket's policy."""
    distribution_id: Output[str]
    """For invalidations and metrics."""
    domain_name: Output[str]
    """CloudFront's own name, the target of a DNS alias."""
    hosted_zone_id: Output[str]
    """Route 53's, of `domain_name`: for an alias record."""

    def __init__(self, name: str, args: SiteDistributionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Cloudfront", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        made = self._distribution()

        self.arn = made.arn
        self.distribution_id = made.id
        self.domain_name = made.domain_name
        self.hosted_zone_id = made.hosted_zone_id
        self.register_outputs(
            {
                "arn": self.arn,
                "distribution_id": self.distribution_id,
                "domain_name": self.domain_name,
                "hosted_zone_id": self.hosted_zone_id,
            }
        )

    def cdn(self) -> CdnOutputs:
        """What a stack needs to know of its CDN, in the form that both CDNs have."""
        return CdnOutputs(
            kind=CdnKind.CLOUDFRONT,
            cache_id=self.distribution_id,
            domain_name=self.domain_name,
            alias_zone_id=self.hosted_zone_id,
            origin_callers=OriginCallers(prefix_list_name=CLOUDFRONT_PREFIX_LIST),
        )

    def _distribution(self) -> aws.cloudfront.Distribution:
        args = self._args
        headers = site_response_headers(f"{self._logical_name}-headers", args.headers, self._child)
        pages = self._behaviour(self._cache_policy(args.pages, _PAGES_LONGEST_SECONDS), headers)
        others = [(rule, self._behaviour(self._cache_policy(rule), headers)) for rule in args.cache_rules]
        return distribution(
            self._logical_name,
            args,
            args.domain_names,
            child=self._child,
            origins=self._origins(),
            origin_groups=[failover_group()] if args.failover_bucket_domain_name is not None else None,
            behaviour={
                **pages,
                "function_associations": [
                    {"event_type": "viewer-request", "function_arn": self._page_router().arn},
                ],
            },
            path_behaviours=[{**behaviour, "path_pattern": rule.path} for rule, behaviour in others],
            root_object="index.html",
        )

    def _origins(self) -> list[Origin]:
        args, access = self._args, self._origin_access().id
        origins = [bucket_origin(SITE, args.bucket_domain_name, access, args.origin_shield_region)]
        if args.failover_bucket_domain_name is not None:
            # No shield: it is asked when the first one's region is in trouble, and is in another.
            origins.append(bucket_origin(FAILOVER, args.failover_bucket_domain_name, access, None))
        return origins

    def _behaviour(
        self, cache_policy: aws.cloudfront.CachePolicy, headers: aws.cloudfront.ResponseHeadersPolicy
    ) -> Behaviour:
        return {
            "target_origin_id": SITE if self._args.failover_bucket_domain_name is None else SITE_OR_FAILOVER,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(site_headers.CORS_METHODS),
            "cached_methods": ["GET", "HEAD"],
            "compress": self._args.compress,
            "cache_policy_id": cache_policy.id,
            "response_headers_policy_id": headers.id,
        }

    def _cache_policy(self, rule: CacheRule, longest_seconds: int = 0) -> aws.cloudfront.CachePolicy:
        return aws.cloudfront.CachePolicy(
            f"{self._logical_name}-{rule.name}",
            comment=f"{rule.name} of the site: {rule.edge_seconds} s unless the file says otherwise",
            # Not 0: CloudFront compresses only what it may cache.
            min_ttl=1,
            default_ttl=rule.edge_seconds,
            # A file is served stale no longer than this either.
            max_ttl=max(rule.kept_seconds, longest_seconds),
            parameters_in_cache_key_and_forwarded_to_origin={
                "cookies_config": {"cookie_behavior": "none"},
                "headers_config": {"header_behavior": "none"},
                "query_strings_config": {"query_string_behavior": "none"},
                "enable_accept_encoding_gzip": self._args.compress,
                "enable_accept_encoding_brotli": self._args.compress,
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
