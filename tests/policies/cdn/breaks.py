"""A fault for each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policies.cdn.behaviors import DISTRIBUTION
from tests.policies.breaks import Break
from tests.policies.judging import GONE
from tests.policies.storage.breaks import NOT_BLOCKED, added_bucket

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


BREAKS: Mapping[str, Break] = {
    "CDN-001": Break(DISTRIBUTION, {"defaultCacheBehavior.viewerProtocolPolicy": "allow-all"}),
    "CDN-002": Break(DISTRIBUTION, {"viewerCertificate.minimumProtocolVersion": "TLSv1.1_2016"}),
    "CDN-003": Break(DISTRIBUTION, {"defaultCacheBehavior.responseHeadersPolicyId": GONE}),
    "CDN-004": Break(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        {"securityHeadersConfig.strictTransportSecurity": GONE},
    ),
    "CDN-005": Break(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        {"corsConfig.accessControlAllowOrigins.items": ["*"]},
    ),
    "CDN-006": Break(DISTRIBUTION, {"origins[0].customOriginConfig": _over_http}),
    "CDN-007": Break(DISTRIBUTION, {"webAclId": GONE}),
    "CDN-008": Break(DISTRIBUTION, {"origins[0].originAccessControlId": GONE}),
    "CDN-009": Break("aws:cloudwatch/logDelivery:LogDelivery", {}),
    "CDN-010": Break(DISTRIBUTION, {"defaultCacheBehavior.compress": False}),
    "CDN-011": Break(
        DISTRIBUTION, {"defaultCacheBehavior.cachePolicyId": UNCACHED, "orderedCacheBehaviors": _uncached}
    ),
    "CDN-012": Break("aws:s3/bucketPolicy:BucketPolicy", {"policy": _for_any_distribution}),
    "CDN-013": Break(adds=added_bucket(website={"indexDocument": "index.html"}), also=NOT_BLOCKED),
    "CDN-014": Break(DISTRIBUTION, {"originGroups": GONE}),
    "CDN-015": Break(DISTRIBUTION, {"httpVersion": "http2"}),
}
