"""Inputs of CloudFront resources for the tests."""

from __future__ import annotations

from typing import Any

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"

OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"

CUSTOM = {"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]}


def behavior(**more: Any) -> dict[str, Any]:
    return {
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "targetOriginId": "app",
        "viewerProtocolPolicy": "redirect-to-https",
        "cachePolicyId": OPTIMIZED,
        **more,
    }


def distribution(**more: Any) -> dict[str, Any]:
    return {
        "enabled": True,
        "origins": [{"originId": "app", "domainName": "app.example.com", "customOriginConfig": CUSTOM}],
        "defaultCacheBehavior": behavior(),
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        **more,
    }


def with_certificate(arn: str, **more: Any) -> dict[str, Any]:
    return {"acmCertificateArn": arn, "sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1.2_2021", **more}
