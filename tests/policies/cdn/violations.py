"""A violation of each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policies.cdn.behaviors import DISTRIBUTION
from tests.policies.evaluation import ABSENT
from tests.policies.s3.violations import NOT_BLOCKED, added_bucket
from tests.policies.violations import Violation

UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # Managed-CachingDisabled


def _over_http(origin: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**origin, "originProtocolPolicy": "http-only"}


def _uncached(behaviors: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**behavior, "cachePolicyId": UNCACHED} for behavior in behaviors]


def _for_any_distribution(policy: str) -> str:
    document = json.loads(policy)
    for statement in document["Statement"]:
        if statement["Effect"] == "Allow":
            del statement["Condition"]
    return json.dumps(document)


VIOLATIONS: Mapping[str, Violation] = {
    "CDN-001": Violation(DISTRIBUTION, {"defaultCacheBehavior.viewerProtocolPolicy": "allow-all"}),
    "CDN-002": Violation(DISTRIBUTION, {"viewerCertificate.minimumProtocolVersion": "TLSv1.1_2016"}),
    "CDN-003": Violation(DISTRIBUTION, {"defaultCacheBehavior.responseHeadersPolicyId": ABSENT}),
    "CDN-004": Violation(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        {"securityHeadersConfig.strictTransportSecurity": ABSENT},
    ),
    "CDN-005": Violation(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        {"corsConfig.accessControlAllowOrigins.items": ["*"]},
    ),
    "CDN-006": Violation(DISTRIBUTION, {"origins[0].customOriginConfig": _over_http}),
    "CDN-007": Violation(DISTRIBUTION, {"webAclId": ABSENT}),
    "CDN-008": Violation(DISTRIBUTION, {"origins[0].originAccessControlId": ABSENT}),
    "CDN-009": Violation("aws:cloudwatch/logDelivery:LogDelivery", {}),
    "CDN-010": Violation(DISTRIBUTION, {"defaultCacheBehavior.compress": False}),
    "CDN-011": Violation(
        DISTRIBUTION, {"defaultCacheBehavior.cachePolicyId": UNCACHED, "orderedCacheBehaviors": _uncached}
    ),
    "CDN-012": Violation("aws:s3/bucketPolicy:BucketPolicy", {"policy": _for_any_distribution}),
    "CDN-013": Violation(adds=added_bucket(website={"indexDocument": "index.html"}), also=NOT_BLOCKED),
    "CDN-014": Violation(DISTRIBUTION, {"originGroups": ABSENT}),
    "CDN-015": Violation(DISTRIBUTION, {"httpVersion": "http2"}),
    "CDN-016": Violation(DISTRIBUTION, {"aliases[0]": "other.example.net"}),
    "CDN-017": Violation(
        DISTRIBUTION,
        {"customErrorResponses": [{"errorCode": 503, "responseCode": 200, "responsePagePath": "/index.html"}]},
    ),
    "CDN-018": Violation(DISTRIBUTION, {"cacheTagConfig": {"headerName": "x-tags"}}),
}
