"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break
from tests.policies.judging import GONE

BREAKS: Mapping[str, Break] = {
    "CDN-001": Break(
        "aws:cloudfront/distribution:Distribution", {"defaultCacheBehavior.viewerProtocolPolicy": "allow-all"}
    ),
    "CDN-002": Break(
        "aws:cloudfront/distribution:Distribution", {"viewerCertificate.minimumProtocolVersion": "TLSv1.1_2016"}
    ),
    "CDN-003": Break(
        "aws:cloudfront/distribution:Distribution", {"defaultCacheBehavior.responseHeadersPolicyId": GONE}
    ),
    "CDN-004": Break(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        {"securityHeadersConfig.strictTransportSecurity": GONE},
    ),
    "CDN-005": Break(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        {"corsConfig.accessControlAllowOrigins.items": ["*"]},
    ),
}
