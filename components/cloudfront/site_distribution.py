"""The site's CloudFront distribution, whose origin is the private site bucket.

Creates the origin access control, a cache policy for pages and one for each further rule, the response headers policy,
the function that routes a single-page application, the distribution and the delivery of its access logs. It does not
create the buckets and their policies, the certificate, DNS records, the web ACL and the log bucket.
Checklist: HTTPS enforced, security headers, CORS, CDN for static assets, response compression, logging.

Every argument is updated in place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.cdn import security_headers as site_headers
from components.cdn.cache_rules import ASSETS, PAGES, CacheRule, check_rules
from components.cdn.cache_tags import HEADER
from components.cdn.security_headers import SiteHeaders
from components.cloudfront.api_distribution import api_behavior
from components.cloudfront.distribution import (
    Behavior,
    DistributionArgs,
    DistributionComponent,
    PathBehavior,
    create_distribution,
)
from components.cloudfront.origins import (
    FAILOVER,
    SITE,
    SITE_OR_FAILOVER,
    LoadBalancerOrigin,
    Origin,
    bucket_origin,
    failover_group,
    load_balancer_origin,
    shield_region,
)
from components.cloudfront.response_headers import api_response_headers, site_response_headers

_PAGES_MAX_TTL_SECONDS = 24 * 3600
"""Maximum TTL that the Cache-Control of a page can request."""

# Custom error responses with status 200 and index.html would apply to the whole distribution: a missing script would
# return HTML. A function belongs to the pages' behavior only.
_PAGE_ROUTER = """\
// Redirect other names to the site's own, among them the name that CloudFront gives the distribution.
var REDIRECTED = %(redirected)s;
function handler(event) {
  var request = event.request;
  var host = request.headers.host.value;
  if (host.endsWith('.cloudfront.net') || REDIRECTED.indexOf(host) !== -1) {
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


_UNAVAILABLE = """\
// Answer every page with the maintenance page.
function handler(event) {
  return {
    statusCode: 503,
    statusDescription: 'Service Unavailable',
    headers: {
      'content-type': {value: 'text/html; charset=utf-8'},
      'cache-control': {value: 'no-store'},
      'retry-after': {value: '300'}
    },
    body: {encoding: 'text', data: %(page)s}
  };
}
"""

_WITH_EDGE_FUNCTION = """\
%(edge_function)s
// Run the edge function of the stack, then the router. A result with a status is the response.
function handler(event) {
  var result = edge(event);
  if (result.statusCode) {
    return result;
  }
  event.request = result;
  return routed(event);
}
"""

MAX_FUNCTION_BYTES = 10_240
"""Size of a CloudFront function.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html (read 2026-11-28)"""


def page_router(
    host: str, redirected: Sequence[str], *, edge_function: str | None = None, maintenance_page: str | None = None
) -> str:
    """Return the function of the pages: it redirects other names to `host`, and routes pages.

    Other names are those in `redirected`, and the one below cloudfront.net, under which a search engine would list the
    site a second time.
    `edge_function` is JavaScript that defines `function edge(event)`, which runs before and returns the request or a
    response. With `maintenance_page`, an HTML document, every page is answered with it and status 503.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html (read 2026-11-28)
    """
    if maintenance_page is not None:
        return _UNAVAILABLE % {"page": json.dumps(maintenance_page)}
    router = _PAGE_ROUTER % {"redirected": json.dumps(list(redirected)), "target": json.dumps(f"https://{host}")}
    if edge_function is None:
        return router
    return router.replace("function handler(event)", "function routed(event)") + _WITH_EDGE_FUNCTION % {
        "edge_function": edge_function
    }


def check_edge_function(argument: str, code: str | None) -> None:
    """Raise ValueError unless `code` defines `function edge(event)` and leaves room for the router."""
    if code is None:
        return
    if not re.search(r"\bfunction edge\(\w+\)", code):
        raise ValueError(
            f"{argument}: does not define the function edge (got {len(code)} characters). Define function "
            "edge(event), which returns event.request or a response."
        )
    if reserved := re.search(r"\bfunction (handler|routed|route|query)\(", code):
        raise ValueError(
            f"{argument}: defines a function of the router (got {reserved[1]}). Use other names than handler, routed, "
            "route and query."
        )
    size = len(page_router("a" * 64, ["b" * 64] * 9, edge_function=code).encode())
    if size > MAX_FUNCTION_BYTES:
        raise ValueError(
            f"{argument}: too large with the router (got {size} bytes). CloudFront accepts {MAX_FUNCTION_BYTES}."
        )


_RESERVED_NAMES = frozenset({"access", "api", "distribution", "headers", "router"})
"""Logical names of other children, which no cache policy can have."""


_API_PATH = re.compile(r"/([A-Za-z0-9_.~-]+/)+\*")


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteApi:
    """An API below one path of the site's host name, whose requests the distribution forwards without caching."""

    path: str
    """Path pattern that ends with a slash and `*`: "/api/*". The load balancer gets the whole path."""
    origin: LoadBalancerOrigin
    """The public load balancer of the API. It needs a certificate for the site's host name, because CloudFront forwards
    the Host header."""

    def __post_init__(self) -> None:
        if not _API_PATH.fullmatch(self.path):
            raise ValueError(f"path: not a path prefix (got {self.path!r}). Give a pattern such as /api/*.")
        if self.origin.internal is not None:
            raise ValueError(
                "origin.internal: not supported here (got an internal load balancer). Give a public load balancer."
            )


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
    """Those of `domain_names` whose pages are redirected to the first one. Other files are served under these names,
    too."""
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
    edge_function: str | None = None
    """JavaScript that defines `function edge(event)`, which runs before each page's request; None for none."""
    maintenance_page: str | None = None
    """HTML document with which every page is answered, with status 503; None serves the site."""
    error_pages: Mapping[int, str] = field(default_factory=dict[int, str])
    """Status code -> path of the page of the bucket that replaces the error: 404 -> /error-pages/not-found.html. Not
    with `api`, because it applies to the whole distribution."""
    cache_tags: bool = False
    """Whether CloudFront reads cache tags from the metadata of the bucket's objects (cdn/cache_tags.py)."""
    api: SiteApi | None = None
    """The API below a path of the site. CloudFront then caches no error of any path, because the caching of errors
    applies to the whole distribution, and its cache key has no Authorization."""

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
        if self.error_pages and self.api is not None:
            raise ValueError(
                f"error_pages: would replace errors of the API, too (got {len(self.error_pages)} with api). Remove "
                "error_pages or api."
            )
        check_edge_function("edge_function", self.edge_function)
        check_rules([self.pages, *self.cache_rules])
        reserved = sorted(_RESERVED_NAMES.intersection(rule.name for rule in self.cache_rules))
        if reserved:
            raise ValueError(
                f"cache_rules: the name belongs to another resource (got {reserved[0]}). Use any but "
                f"{', '.join(sorted(_RESERVED_NAMES))}."
            )


class SiteDistribution(DistributionComponent):
    """A distribution that caches the files of the site's private bucket."""

    def __init__(self, name: str, args: SiteDistributionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SiteDistribution", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        self._set_outputs(self._distribution())

    def _distribution(self) -> aws.cloudfront.Distribution:
        args = self._args
        headers = site_response_headers(
            f"{self._logical_name}-headers", args.headers, self._child, removed=self._removed_headers
        )
        pages = self._behavior(self._cache_policy(args.pages, _PAGES_MAX_TTL_SECONDS), headers)
        others = [
            (rule, self._behavior(self._cache_policy(rule), self._headers_of(rule, headers)))
            for rule in args.cache_rules
        ]
        path_behaviors: list[PathBehavior] = [{**behavior, "path_pattern": rule.path} for rule, behavior in others]
        if args.api is not None:
            api_headers = api_response_headers(f"{self._logical_name}-api-headers", self._child)
            path_behaviors.insert(0, {**api_behavior(api_headers.id), "path_pattern": args.api.path})
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
            path_behaviors=path_behaviors,
            root_object="index.html",
            error_ttl_seconds=None if args.api is None else 0,
            error_pages=args.error_pages,
            cache_tag_header=HEADER if args.cache_tags else None,
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
            removed=self._removed_headers,
        )

    @property
    def _removed_headers(self) -> Sequence[str]:
        """The headers of the bucket that viewers do not get: the cache tags, which only CloudFront needs."""
        return (HEADER,) if self._args.cache_tags else ()

    def _origins(self) -> list[Origin]:
        args, access = self._args, self._origin_access().id
        origins = [bucket_origin(SITE, args.bucket_domain_name, access, args.origin_shield_for)]
        if args.failover_bucket_domain_name is not None:
            # No Origin Shield: the failover bucket is used while the first bucket's region, and its shield, fail.
            origins.append(bucket_origin(FAILOVER, args.failover_bucket_domain_name, access, None))
        if args.api is not None:
            origins.append(load_balancer_origin(args.api.origin, None))
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
            code=page_router(
                self._args.domain_names[0],
                self._args.redirected_names,
                edge_function=self._args.edge_function,
                maintenance_page=self._args.maintenance_page,
            ),
            publish=True,
            tags={**self._args.tags, "Name": f"{self._logical_name}-router"},
            opts=self._child,
        )
