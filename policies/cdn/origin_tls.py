"""CDN-006: CloudFront uses TLS 1.2 to custom origins, including VPC origins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    block,
    declared,
    items,
    shown,
)
from ..values import UnknownValue
from .behaviors import DISTRIBUTION, behaviors
from .origins import origins
from .viewer_https import HTTPS_ONLY

VPC_ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin"
OLD_PROTOCOLS = ("SSLv3", "TLSv1", "TLSv1.1")


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if resource.type == VPC_ORIGIN:
        config = block(resource.properties, "vpcOriginEndpointConfig")
        yield from _policy("vpcOriginEndpointConfig", config, viewers_encrypt=False)
        if config.get("originProtocolPolicy") != "http-only":
            protocols = items(block(config, "originSslProtocols"), "items")
            yield from _protocols("vpcOriginEndpointConfig.originSslProtocols", protocols)
        return
    evaluated = False
    for path, origin in origins(resource):
        if not declared(origin, "customOriginConfig"):
            continue
        evaluated = True
        config = block(origin, "customOriginConfig")
        at = f"{path}.customOriginConfig"
        if config.get("originProtocolPolicy") == "http-only" and _is_website(origin):
            yield Finding(
                f"{at}.originProtocolPolicy",
                '"http-only", the only protocol of S3 website endpoints',
                "the bucket's regional host name with an origin access control",
            )
            continue
        yield from _policy(at, config, viewers_encrypt=_viewers_encrypt(resource, config))
        if config.get("originProtocolPolicy") != "http-only":
            yield from _protocols(at, items(config, "originSslProtocols"))
    if not evaluated:
        raise NotApplicable(
            "every origin is a bucket, which CloudFront reads over TLS, or a VPC origin, which is evaluated separately"
        )


def _is_website(origin: Mapping[str, Any]) -> bool:
    try:
        return ".s3-website" in str(origin.get("domainName"))
    except UnknownValue:
        return False  # it is then reported like any other server


def _viewers_encrypt(distribution: Resource, config: Mapping[str, Any]) -> bool:
    """Return whether match-viewer is as strict as https-only, because all behaviors require HTTPS of viewers."""
    return config.get("originProtocolPolicy") == "match-viewer" and all(
        behavior.get("viewerProtocolPolicy") in HTTPS_ONLY for _, behavior in behaviors(distribution)
    )


def _policy(path: str, config: Mapping[str, Any], *, viewers_encrypt: bool) -> Iterator[Finding]:
    policy = config.get("originProtocolPolicy")
    if policy != "https-only" and not viewers_encrypt:
        yield Finding(f"{path}.originProtocolPolicy", shown(policy), '"https-only"')


def _protocols(path: str, protocols: Iterator[tuple[str, Any]]) -> Iterator[Finding]:
    for at, protocol in protocols:
        if protocol in OLD_PROTOCOLS:
            yield Finding(f"{path}.{at}", shown(protocol), '"TLSv1.2" only')


RULE = ResourceRule(
    id="CDN-006",
    name="cdn-origin-tls",
    title="CloudFront connects to custom origins over TLS 1.2.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.HIGH,
    applies_to=(DISTRIBUTION, VPC_ORIGIN),
    check=check,
    remediation="Set origin_protocol_policy to https-only and origin_ssl_protocols to TLSv1.2 only.",
    example="""aws.cloudfront.Distribution(
    "api",
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
        }
    ],
    # ...
)""",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomOriginConfig.html",
    read=date(2026, 11, 24),
)
