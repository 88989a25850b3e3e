"""The site's CloudFront distribution, whose origin is the private site bucket.

Creates the origin access control, a cache policy for pages and one for each further rule, the response headers policy,
the function that routes a single-page application, the distribution and the delivery of its access logs. The buckets
and their policies, certificate, DNS, web ACL and log bucket come from elsewhere.
Checklist: HTTPS enforced, security headers, CORS, CDN for static assets, response compression, logging.

Every argument is updated in place.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.cdn import security_headers as site_headers
from components.cdn.cache_rules import ASSETS, PAGES, CacheRule, check_rules
from components.cdn.security_headers import SiteHeaders
from components.cloudfront.distribution import Behavior, DistributionArgs, DistributionComponent, create_distribution
from components.cloudfront.origins import (
    FAILOVER,
    SITE,
    SITE_OR_FAILOVER,
    Origin,
    bucket_origin,
    failover_group,
    shield_region,
)
from components.cloudfront.response_headers import site_response_headers

_PAGES_MAX_TTL_SECONDS = 24 * 3600
"""Maximum TTL that the Cache-Control of a page can request."""

# Custom error responses with status 200 and index.html would apply to the whole distribution: a missing script would
# return HTML. A function belongs to the pages' behavior only.
PAGE_ROUTER = """\
// Serve index.html for every path without a file extension.
function handler(event) {
  var request = event.request;
  var last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') === -1 && request.uri.indexOf('/.well-known/') !== 0) {
    request.uri = '/index.html';
  }
  return request;
}
"""


_REDIRECT = """\
// Redirect other names of the site to its own.
var REDIRECTED = %(redirected)s;
function handler(event) {
  var request = event.request;
  if (REDIRECTED.indexOf(request.headers.host.value) !== -1) {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: {location: {value: %(target)s + request.uri + query(request.querystring)}}
    };
  }
  return route(request);
}
// Return the query string, with all values of each name.
function query(parameters) {
  var parts = [];
  for (var name in parameters) {
    var values = parameters[name].multiValue || [parameters[name]];
    for (var i = 0; i < values.length; i++) {
      parts.push(values[i].value === '' ? name : name + '=' + values[i].value);
    }
  }
  return parts.length ? '?' + parts.join('&') : '';
}
// Serve index.html for every path without a file extension.
function route(request) {
  var last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') === -1 && request.uri.indexOf('/.well-known/') !== 0) {
    request.uri = '/index.html';
  }
  return request;
}
"""


def page_router(host: str, redirected: Sequence[str]) -> str:
    """Return the function of the pages: it redirects the names in `redirected` to `host`, and routes pages.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html (from memory)
    """
    if not redirected:
        return PAGE_ROUTER
    return _REDIRECT % {"redirected": json.dumps(list(redirected)), "target": json.dumps(f"https://{host}")}


_RESERVED_NAMES = frozenset({"access", "distribution", "headers", "router"})
"""Logical names of other children, which no cache policy can have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteDistributionArgs(DistributionArgs):
    """Arguments of SiteDistribution."""

    domain_names: Sequence[str]
    """Host names of the site, all in the certificate."""
    bucket_domain_name: Input[str]
    """Regional domain name of the site's bucket."""
    headers: SiteHeaders
    """Headers of every response."""
    redirected_names: Sequence[str] = ()
    """Those of `domain_names` whose pages are redirected to the first one. Their files are served."""
    compress: bool = True
    """Whether CloudFront compresses files of 1 kB to 10 MB with gzip and Brotli."""
    pages: CacheRule = PAGES
    """Rule for every path without another rule."""
    cache_rules: Sequence[CacheRule] = (ASSETS,)
    """Rules for further paths. The first rule that matches applies. Another name replaces the cache policy."""
    origin_shield_for: str | None = None
    """AWS region of the site's bucket, to enable Origin Shield in that region or the nearest one; None disables it. The
    bucket receives fewer requests, and each costs an additional charge."""
    failover_bucket_domain_name: Input[str] | None = None
    """Regional domain name of a bucket with the same files. CloudFront requests it when the first bucket returns 5xx or
    does not respond; None disables the failover."""

    def __post_init__(self) -> None:
        if self.origin_shield_for is not None:
            shield_region(self.origin_shield_for)
        if not self.domain_names:
            raise ValueError("domain_names: must not be empty (got none). Give at least one host name.")
        wrong = sorted(set(self.redirected_names) - set(self.domain_names[1:]))
        if wrong:
            raise ValueError(
                f"redirected_names: not a further name of the distribution (got {', '.join(wrong)}). Add it to "
                "domain_names, after the name to which it is redirected."
            )
        check_rules([self.pages, *self.cache_rules])
        reserved = sorted(_RESERVED_NAMES.intersection(rule.name for rule in self.cache_rules))
        if reserved:
            raise ValueError(
                f"cache_rules: the name belongs to another resource (got {reserved[0]}). Use any but "
                f"{', '.join(sorted(_RESERVED_NAMES))}."
            )


class SiteDistribution(DistributionComponent):
    """The site's distribution."""

    def __init__(self, name: str, args: SiteDistributionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SiteDistribution", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        self._set_outputs(self._distribution())

    def _distribution(self) -> aws.cloudfront.Distribution:
        args = self._args
        headers = site_response_headers(f"{self._logical_name}-headers", args.headers, self._child)
        pages = self._behavior(self._cache_policy(args.pages, _PAGES_MAX_TTL_SECONDS), headers)
        others = [
            (rule, self._behavior(self._cache_policy(rule), self._headers_of(rule, headers)))
            for rule in args.cache_rules
        ]
        return create_distribution(
            self._logical_name,
            args,
            args.domain_names,
            child=self._child,
            origins=self._origins(),
            origin_groups=[failover_group()] if args.failover_bucket_domain_name is not None else None,
            behavior={
                **pages,
                "function_associations": [
                    {"event_type": "viewer-request", "function_arn": self._page_router().arn},
                ],
            },
            path_behaviors=[{**behavior, "path_pattern": rule.path} for rule, behavior in others],
            root_object="index.html",
        )

    def _headers_of(
        self, rule: CacheRule, headers: aws.cloudfront.ResponseHeadersPolicy
    ) -> aws.cloudfront.ResponseHeadersPolicy:
        """Return `headers`, or a further policy for a rule with a TTL in browsers. An account has 20 policies."""
        if not rule.browser_seconds:
            return headers
        return site_response_headers(
            f"{self._logical_name}-{rule.name}-headers",
            self._args.headers,
            self._child,
            cache_control=rule.cache_control,
        )

    def _origins(self) -> list[Origin]:
        args, access = self._args, self._origin_access().id
        origins = [bucket_origin(SITE, args.bucket_domain_name, access, args.origin_shield_for)]
        if args.failover_bucket_domain_name is not None:
            # No Origin Shield: the failover bucket is used while the first bucket's region, and its shield, fail.
            origins.append(bucket_origin(FAILOVER, args.failover_bucket_domain_name, access, None))
        return origins

    def _behavior(
        self, cache_policy: aws.cloudfront.CachePolicy, headers: aws.cloudfront.ResponseHeadersPolicy
    ) -> Behavior:
        return {
            "target_origin_id": SITE if self._args.failover_bucket_domain_name is None else SITE_OR_FAILOVER,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(site_headers.CORS_METHODS),
            "cached_methods": ["GET", "HEAD"],
            "compress": self._args.compress,
            "cache_policy_id": cache_policy.id,
            "response_headers_policy_id": headers.id,
        }

    def _cache_policy(self, rule: CacheRule, max_ttl_seconds: int = 0) -> aws.cloudfront.CachePolicy:
        return aws.cloudfront.CachePolicy(
            f"{self._logical_name}-{rule.name}",
            comment=f"{rule.name} of the site: {rule.edge_seconds} s unless Cache-Control differs",
            # CloudFront compresses only cacheable responses, so the minimum is above 0.
            min_ttl=1,
            default_ttl=rule.edge_seconds,
            # The maximum TTL also limits how long a file is served stale.
            max_ttl=max(rule.retention_seconds, max_ttl_seconds),
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
            comment="Serves index.html for every path without a file extension",
            runtime="cloudfront-js-2.0",
            code=page_router(self._args.domain_names[0], self._args.redirected_names),
            publish=True,
            tags={**self._args.tags, "Name": f"{self._logical_name}-router"},
            opts=self._child,
        )
