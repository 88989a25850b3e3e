"""CloudFront: alias, certificate, web ACL, behavior, method, origin and what the origin gets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, Request, World, fails, passes, unknown
from ..rows import label, listed
from . import alb, network, s3, tls, waf
from .dns import TargetKind
from .weighted_records import resolve_origin

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
FUNCTION = "aws:cloudfront/function:Function"
ORIGIN_REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"

CERTIFICATE_REGION = "us-east-1"
PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing"
_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # Managed-AllViewerExceptHostHeader


def serve(world: World, distribution: CloudResource, request: Request) -> Iterator[Hop]:
    """Yield the hops from a viewer through a distribution to its origin."""
    name = label(distribution)
    if distribution.value("enabled") is False:
        yield fails("cdn", name, "enabled", "The distribution is disabled.", sources.CLOUDFRONT_BEHAVIOR)
    if distribution.value("staging"):
        reason = "A staging distribution serves no aliases of its own."
        yield fails("cdn", name, "staging", reason, sources.CLOUDFRONT_BEHAVIOR)
    if request.ipv6 and not distribution.value("isIpv6Enabled"):
        yield fails("cdn", name, "isIpv6Enabled", "The distribution has no IPv6.", sources.CLOUDFRONT_BEHAVIOR)
    aliases = [str(each) for each in listed(distribution.value("aliases"))]
    if not any(tls.covers(alias, request.host) for alias in aliases):
        reason = f"{request.host} is not an alias of the distribution, so CloudFront answers 403."
        yield fails("cdn-alias", name, "aliases", reason, sources.CLOUDFRONT_ALIAS)
    yield passes("cdn-alias", name, "aliases", f"{request.host} is an alias.", sources.CLOUDFRONT_ALIAS)
    if request.scheme in ("https", "wss"):
        certificate = (distribution.value("viewerCertificate") or {}).get("acmCertificateArn")
        if not certificate:
            reason = "The distribution has only CloudFront's default certificate."
            yield fails("tls", name, "viewerCertificate", reason, sources.CLOUDFRONT_CERTIFICATE)
        else:
            yield tls.certificate(world, str(certificate), request.host, edge="CloudFront", region=CERTIFICATE_REGION)
            minimum = str((distribution.value("viewerCertificate") or {}).get("minimumProtocolVersion") or "TLSv1")
            place = "viewerCertificate.minimumProtocolVersion"
            yield tls.version(name, place, "CloudFront", tls.from_minimum(minimum), request)
    yield from _restrictions(distribution, request)
    acl_arn = distribution.value("webAclId")
    if acl_arn:
        acl = world.rows.one(waf.ACL, arn=str(acl_arn))
        if acl is None:
            yield unknown("web-acl", name, "webAclId", "The web ACL is not in the sandbox.", sources.WAF_EVALUATION)
        else:
            yield waf.web_acl(world, acl, request)
    behavior, place = behavior_for(distribution, request)
    policy = str(behavior.get("viewerProtocolPolicy"))
    if request.scheme == "http" and policy != "allow-all":
        if policy == "redirect-to-https":
            yield passes("cdn-behavior", name, place, "The behavior redirects to HTTPS.", sources.CLOUDFRONT_BEHAVIOR)
        else:
            yield fails("cdn-behavior", name, place, "The behavior accepts HTTPS only.", sources.CLOUDFRONT_BEHAVIOR)
        return
    if request.method not in listed(behavior.get("allowedMethods")):
        reason = f"The behavior does not allow {request.method}, so CloudFront answers 403."
        yield fails("cdn-behavior", name, f"{place}.allowedMethods", reason, sources.CLOUDFRONT_BEHAVIOR)
    if listed(behavior.get("trustedKeyGroups")) or listed(behavior.get("trustedSigners")):
        reason = "The behavior serves only signed URLs and cookies."
        yield fails("cdn-behavior", name, f"{place}.trustedKeyGroups", reason, sources.CLOUDFRONT_BEHAVIOR)
    yield from functions(world, name, place, behavior, request)
    yield passes("cdn-behavior", name, place, f"The behavior allows {request.method}.", sources.CLOUDFRONT_BEHAVIOR)
    yield from _origins(world, distribution, behavior, request)


def functions(world: World, name: str, place: str, behavior: dict[str, Any], request: Request) -> Iterator[Hop]:
    """Yield a hop for each function of a behavior that does not exist, or may answer in the place of the origin."""
    for entry in listed(behavior.get("functionAssociations")):
        function = world.rows.one(FUNCTION, arn=str(entry.get("functionArn")))
        if function is None:
            reason = "A function of the behavior does not exist."
            yield fails("cdn-function", name, f"{place}.functionAssociations", reason, sources.CLOUDFRONT_BEHAVIOR)
        elif function.value("publish") is False:
            reason = "The function was not published, so the behavior runs an older version or none."
            yield unknown("cdn-function", label(function), "publish", reason, sources.CLOUDFRONT_BEHAVIOR)
        elif str(entry.get("eventType")) == "viewer-request" and _may_answer(str(function.value("code")), request.host):
            reason = "The function answers some requests itself, and the model does not run its code."
            yield unknown("cdn-function", label(function), "code", reason, sources.CLOUDFRONT_BEHAVIOR)
    for entry in listed(behavior.get("lambdaFunctionAssociations")):
        reason = f"A Lambda function handles the event {entry.get('eventType')}, and the model does not run its code."
        yield unknown("cdn-function", name, f"{place}.lambdaFunctionAssociations", reason, sources.CLOUDFRONT_BEHAVIOR)


_HOST_REDIRECT = re.compile(
    r"var (?P<names>\w+) = (?P<hosts>\[[^\]]*\]);.*"
    r"if \(host\.endsWith\('(?P<suffix>[^']+)'\) \|\| (?P=names)\.indexOf\(host\) !== -1\) "
    r"\{\s*return \{\s*statusCode: 301",
    re.S,
)
"""A function that redirects some host names and answers nothing else: a list of names, and one suffix."""


def _may_answer(code: str, host: str) -> bool:
    """Return whether a function may answer a request in the place of the origin, as far as its code shows."""
    redirect = _HOST_REDIRECT.search(code)
    if redirect is None or code.count("statusCode") > 1:
        return "statusCode" in code
    return host in json.loads(redirect["hosts"]) or host.endswith(redirect["suffix"])


def _restrictions(distribution: CloudResource, request: Request) -> Iterator[Hop]:
    geo = (distribution.value("restrictions") or {}).get("geoRestriction") or {}
    listed_countries = listed(geo.get("locations"))
    kind = str(geo.get("restrictionType") or "none")
    refused = (kind == "whitelist" and request.country not in listed_countries) or (
        kind == "blacklist" and request.country in listed_countries
    )
    if refused:
        reason = f"The distribution does not serve {request.country}."
        yield fails("cdn-country", label(distribution), "restrictions", reason, sources.CLOUDFRONT_BEHAVIOR)


def behavior_for(distribution: CloudResource, request: Request) -> tuple[dict[str, Any], str]:
    """Return the cache behavior for a path, and its property path."""
    for number, behavior in enumerate(listed(distribution.value("orderedCacheBehaviors"))):
        pattern = str(behavior.get("pathPattern"))
        if fnmatchcase(request.uri_path, pattern if pattern.startswith(("/", "*")) else f"/{pattern}"):
            return behavior, f"orderedCacheBehaviors[{number}]"
    return distribution.value("defaultCacheBehavior") or {}, "defaultCacheBehavior"


def origins_of(distribution: CloudResource, behavior: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the origins of a behavior in order: one, or the members of its origin group."""
    by_id = {str(origin.get("originId")): origin for origin in listed(distribution.value("origins"))}
    target = str(behavior.get("targetOriginId"))
    for group in listed(distribution.value("originGroups")):
        if str(group.get("originId")) == target:
            members = [str(member.get("originId")) for member in listed(group.get("members"))]
            return [by_id[member] for member in members if member in by_id]
    return [by_id[target]] if target in by_id else []


def _origins(world: World, distribution: CloudResource, behavior: dict[str, Any], request: Request) -> Iterator[Hop]:
    origins = origins_of(distribution, behavior)
    if not origins:
        reason = "The behavior's origin does not exist."
        yield fails("cdn-origin", label(distribution), "origins", reason, sources.CLOUDFRONT_BEHAVIOR)
        return
    # A failover origin serves only what the first origin fails to serve; the first must work.
    yield from _origin(world, distribution, behavior, origins[0], request)


def _origin(
    world: World, distribution: CloudResource, behavior: dict[str, Any], origin: dict[str, Any], request: Request
) -> Iterator[Hop]:
    name, host = label(distribution), str(origin.get("domainName"))
    kind, target, resolved = resolve_origin(world, host)
    if resolved is not None:
        yield resolved
        if target is None:
            return
    if target is None:
        make = unknown if kind is TargetKind.OTHER else fails
        reason = (
            f"The origin {host} is not in the sandbox."
            if kind is TargetKind.OTHER
            else f"The origin {host} does not exist."
        )
        yield make("cdn-origin", name, "origins", reason, sources.CLOUDFRONT_BEHAVIOR)
        return
    if kind is TargetKind.BUCKET:
        control = str(origin.get("originAccessControlId") or "")
        access = world.rows.one(ACCESS_CONTROL, id=control) if control else None
        if control and access is None:
            reason = "The origin access control does not exist."
            yield fails("cdn-origin", name, "originAccessControlId", reason, sources.CLOUDFRONT_OAC)
        if access is not None and str(access.value("originAccessControlOriginType") or "s3") != "s3":
            reason = "The origin access control is for another type of origin than S3."
            yield fails("cdn-origin", label(access), "originAccessControlOriginType", reason, sources.CLOUDFRONT_OAC)
        context = {"aws:securetransport": "true"}
        principal = "*"
        if request.uri_path == "/" and not distribution.value("defaultRootObject") and not _rewrites(behavior):
            reason = "The distribution has no default root object, and no function names one, so S3 answers 403."
            yield fails("cdn-origin", name, "defaultRootObject", reason, sources.CLOUDFRONT_BEHAVIOR)
        if control and access is not None and str(access.value("signingBehavior") or "always") == "always":
            principal = "cloudfront.amazonaws.com"
            context |= {
                "aws:sourcearn": str(distribution.value("arn")),
                "aws:sourceaccount": distribution.account,
            }
        yield s3.reads(world, target, principal, context, key=f"{_path(origin)}/index.html")
        return
    if kind is not TargetKind.LOAD_BALANCER:
        yield unknown(
            "cdn-origin", name, "origins", f"The origin {host} is of another kind.", sources.CLOUDFRONT_BEHAVIOR
        )
        return
    yield from api_policies(world, name, behavior, request)
    if _path(origin):
        reason = (
            f"The API gets the path {_path(origin)}{request.uri_path}, and the model does not know if it answers it."
        )
        yield unknown("cdn-origin", name, "originPath", reason, sources.CLOUDFRONT_BEHAVIOR)
    custom = origin.get("customOriginConfig") or {}
    protocol = str(custom.get("originProtocolPolicy"))
    scheme = "http" if protocol == "http-only" else "https" if protocol == "https-only" else request.scheme
    names_host = forwards_host(world, behavior)
    headers = {str(each.get("name")): str(each.get("value")) for each in listed(origin.get("customHeaders"))}
    headers |= {"x-forwarded-for": request.address, "via": "2.0 cloudfront"}
    inner = Request(
        host=request.host if names_host else host, client_scheme=request.scheme, rule=request.rule,
        server_port=_port(custom, scheme), tls_versions=_origin_versions(custom),
        path=f"{_path(origin)}{request.path}", method=request.method, scheme=scheme, country="US",
        body_bytes=request.body_bytes, address=_EDGE_ADDRESS, headers=request.headers,
    ).with_headers(headers)  # fmt: skip
    # The certificate of the origin matches its domain name, or the Host header that CloudFront forwards:
    # https://aws.amazon.com/premiumsupport/knowledge-center/cloudfront-connectivity-custom-origin/ (read 2026-11-28)
    yield from alb.reach(world, target, edge_party(), inner, server_name=request.host if names_host else host)


def _path(origin: dict[str, Any]) -> str:
    """Return the path that CloudFront puts before the path of a request."""
    return str(origin.get("originPath") or "").rstrip("/")


def _port(custom: dict[str, Any], scheme: str) -> int:
    return int(custom.get("httpPort") or 80) if scheme in ("http", "ws") else int(custom.get("httpsPort") or 443)


def _origin_versions(custom: dict[str, Any]) -> tuple[str, ...]:
    """Return the TLS versions that CloudFront offers to an origin. It uses TLS 1.3 without a setting (from memory)."""
    versions = [str(each) for each in listed(custom.get("originSslProtocols"))]
    known = {"TLSv1": "1.0", "TLSv1.1": "1.1", "TLSv1.2": "1.2"}
    return tuple(known[each] for each in versions if each in known) or ("1.2",)


def _rewrites(behavior: dict[str, Any]) -> bool:
    return any(
        str(entry.get("eventType")) == "viewer-request"
        for name in ("functionAssociations", "lambdaFunctionAssociations")
        for entry in listed(behavior.get(name))
    )


def api_policies(world: World, name: str, behavior: dict[str, Any], request: Request) -> Iterator[Hop]:
    """Yield whether an API behind a behavior gets what it needs, and whether its answers are cached."""
    place = "defaultCacheBehavior"
    wanted = {"headers": "authorization", "query strings": "", "cookies": ""}
    if request.headers.get("upgrade") == "websocket":
        wanted["headers"] = "sec-websocket-key"
    missing = [kind for kind, header in wanted.items() if not _forwards(world, behavior, kind, header)]
    if missing:
        what = ", ".join(f"the header {wanted[kind]}" if wanted[kind] else kind for kind in missing)
        reason = f"CloudFront does not send {what} of the client to the API."
        yield fails("cdn-forwarding", name, f"{place}.originRequestPolicyId", reason, sources.CLOUDFRONT_POLICIES)
    is_configured = bool(behavior.get("cachePolicyId") or behavior.get("forwardedValues"))
    if request.method not in ("GET", "HEAD") or not is_configured:
        return
    policy_id = str(behavior.get("cachePolicyId") or "")
    if policy_id in _UNCACHED:
        return
    policy = world.rows.one(CACHE_POLICY, id=policy_id)
    if policy is None and policy_id not in _CACHED:
        ttl = behavior.get("maxTtl")
        if ttl == 0 or policy_id:
            if policy_id:
                reason = f"The model does not know the cache policy {policy_id}."
                yield unknown("cdn-cache", name, f"{place}.cachePolicyId", reason, sources.CLOUDFRONT_POLICIES)
            return
    elif policy is not None and not int(policy.value("maxTtl") or 0):
        return
    elif policy is not None and not int(policy.value("minTtl") or 0) and not int(policy.value("defaultTtl") or 0):
        reason = "CloudFront caches the answers that the API allows to be cached, which the model does not know."
        yield unknown("cdn-cache", label(policy), "defaultTtl", reason, sources.CLOUDFRONT_POLICIES)
        return
    reason = "CloudFront caches answers of the API, and would send one user's answer to others."
    yield fails("cdn-cache", name, f"{place}.cachePolicyId", reason, sources.CLOUDFRONT_POLICIES)


def forwards_host(world: World, behavior: dict[str, Any]) -> bool:
    """Return whether the origin gets the client's Host header in the place of its own domain name."""
    return behavior.get("originRequestPolicyId") != _EXCEPT_HOST and _forwards(world, behavior, "headers", "host")


def _forwards(world: World, behavior: dict[str, Any], kind: str, header: str) -> bool:
    """Return whether the origin gets the client's query strings, cookies, or a header."""
    policy_id = str(behavior.get("originRequestPolicyId") or "")
    if policy_id in _FORWARDING:
        return True
    legacy = behavior.get("forwardedValues")
    if legacy and not policy_id and not behavior.get("cachePolicyId"):
        headers = [str(each).lower() for each in listed(legacy.get("headers"))]
        return {
            "headers": "*" in headers or header in headers,
            "query strings": bool(legacy.get("queryString")),
            "cookies": str((legacy.get("cookies") or {}).get("forward")) == "all",
        }[kind]
    configs: list[dict[str, Any]] = []
    request_policy = world.rows.one(ORIGIN_REQUEST_POLICY, id=policy_id)
    if request_policy is not None:
        configs.append(request_policy.outputs)  # pyright: ignore[reportArgumentType]
    cache_policy = world.rows.one(CACHE_POLICY, id=str(behavior.get("cachePolicyId") or ""))
    if cache_policy is not None:
        configs.append(cache_policy.value("parametersInCacheKeyAndForwardedToOrigin") or {})
    for config in configs:
        part = {
            "headers": ("headersConfig", "headerBehavior", "headers"),
            "query strings": ("queryStringsConfig", "queryStringBehavior", "queryStrings"),
            "cookies": ("cookiesConfig", "cookieBehavior", "cookies"),
        }[kind]
        inner = config.get(part[0]) or {}
        behavior_name = str(inner.get(part[1]) or "none")
        named = [str(each).lower() for each in listed((inner.get(part[2]) or {}).get("items"))]
        if behavior_name in ("all", "allViewer", "allViewerAndWhitelistCloudFront"):
            return True
        if kind == "headers" and behavior_name == "whitelist" and header in named:
            return True
        if behavior_name == "allExcept" and header not in named:
            return True
    return False


_FORWARDING = frozenset(
    {
        _EXCEPT_HOST,
        "216adef6-5c7f-47e4-b989-5492eafa07d3",  # Managed-AllViewer
        "33f36d7e-f396-46d9-90e0-52428a34d9dc",  # Managed-AllViewerAndCloudFrontHeaders-2022-06
    }
)
"""Managed origin request policies that forward all headers (Host but for one), cookies and query strings.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html (read
2026-11-28)
"""
_UNCACHED = frozenset({"4135ea2d-6df8-44a3-9df3-4b5a84be39ad"})  # Managed-CachingDisabled
_CACHED = frozenset(
    {
        "658327ea-f89d-4fab-a63d-7e88639e58f6",  # Managed-CachingOptimized
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",  # Managed-CachingOptimizedForUncompressedObjects
    }
)

_EDGE_ADDRESS = "130.176.0.1"


def edge_party() -> network.Party:
    """Return CloudFront's edge locations as one end of a connection to an origin."""
    return network.Party(name="CloudFront", addresses=[f"{_EDGE_ADDRESS}/32"], prefix_lists=[PREFIX_LIST])
