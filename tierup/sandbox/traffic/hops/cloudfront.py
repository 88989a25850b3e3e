"""CloudFront: alias, certificate, web ACL, behavior, method, origin and what the origin gets."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, Request, World, fails, passes, unknown
from ..rows import label, listed
from . import alb, network, s3, tls, waf
from .dns import TargetKind, target_of

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
ORIGIN_REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"

CERTIFICATE_REGION = "us-east-1"
PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing"
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"  # Managed-AllViewer: forwards every header, Host included


def serve(world: World, distribution: CloudResource, request: Request) -> Iterator[Hop]:
    """Yield the hops from a viewer through a distribution to its origin."""
    name = label(distribution)
    if distribution.value("enabled") is False:
        yield fails("cdn", name, "enabled", "The distribution is disabled.", sources.CLOUDFRONT_BEHAVIOR)
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
    yield passes("cdn-behavior", name, place, f"The behavior allows {request.method}.", sources.CLOUDFRONT_BEHAVIOR)
    yield from _origins(world, distribution, behavior, request)


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
    kind, target = target_of(world.rows, host)
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
        if control and world.rows.one(ACCESS_CONTROL, id=control) is None:
            reason = "The origin access control does not exist."
            yield fails("cdn-origin", name, "originAccessControlId", reason, sources.CLOUDFRONT_OAC)
        context = {"aws:securetransport": "true"}
        principal = "*"
        if control:
            principal = "cloudfront.amazonaws.com"
            context |= {
                "aws:sourcearn": str(distribution.value("arn")),
                "aws:sourceaccount": distribution.account,
            }
        yield s3.reads(world, target, principal, context)
        return
    if kind is not TargetKind.LOAD_BALANCER:
        yield unknown(
            "cdn-origin", name, "origins", f"The origin {host} is of another kind.", sources.CLOUDFRONT_BEHAVIOR
        )
        return
    custom = origin.get("customOriginConfig") or {}
    protocol = str(custom.get("originProtocolPolicy"))
    scheme = "http" if protocol == "http-only" else "https" if protocol == "https-only" else request.scheme
    forwards_host = str(behavior.get("originRequestPolicyId")) == _ALL_VIEWER or _policy_forwards_host(world, behavior)
    headers = {str(each.get("name")): str(each.get("value")) for each in listed(origin.get("customHeaders"))}
    headers |= {"x-forwarded-for": request.address, "via": "2.0 cloudfront"}
    inner = Request(
        host=request.host if forwards_host else host,
        path=request.path, method=request.method, scheme=scheme, body_bytes=request.body_bytes, country="US",
        address=_EDGE_ADDRESS, headers=request.headers,
    ).with_headers(headers)  # fmt: skip
    # The certificate of the origin matches its domain name, or the Host header that CloudFront forwards:
    # https://aws.amazon.com/premiumsupport/knowledge-center/cloudfront-connectivity-custom-origin/ (read 2026-11-28)
    yield from alb.reach(world, target, edge_party(), inner, server_name=request.host if forwards_host else host)


_EDGE_ADDRESS = "130.176.0.1"


def edge_party() -> network.Party:
    """Return CloudFront's edge locations as one end of a connection to an origin."""
    return network.Party(name="CloudFront", addresses=[f"{_EDGE_ADDRESS}/32"], prefix_lists=[PREFIX_LIST])


def _policy_forwards_host(world: World, behavior: dict[str, Any]) -> bool:
    policy = world.rows.one(ORIGIN_REQUEST_POLICY, id=str(behavior.get("originRequestPolicyId")))
    if policy is None:
        return False
    config = policy.value("headersConfig") or {}
    names = [str(each).lower() for each in listed((config.get("headers") or {}).get("items"))]
    return str(config.get("headerBehavior")) == "allViewer" or "host" in names
