"""CDN-014: a distribution that serves a bucket has a second bucket to fail over to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    ResourceRule,
    Severity,
    items,
)
from .behaviors import DISTRIBUTION
from .origins import is_s3, origins


def check(distribution: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not any(is_s3(origin) for _, origin in origins(distribution)):
        raise NotApplicable("none of its origins is a bucket")
    if not any(True for _ in items(distribution.properties, "originGroups")):
        yield Finding("originGroups", "missing", "a group of the bucket and its replica in another region")


RULE = ResourceRule(
    id="CDN-014",
    name="cdn-origin-failover",
    title="A site's distribution fails over to a replica of its bucket.",
    item=ChecklistItem.BASELINE,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Replicate the bucket to another region and put both origins into an origin group.",
    example="""aws.cloudfront.Distribution(
    "site",
    origin_groups=[
        {
            "origin_id": "site-or-replica",
            "failover_criteria": {"status_codes": [500, 502, 503, 504]},
            "members": [{"origin_id": "site"}, {"origin_id": "replica"}],
        }
    ],
    # ...
)""",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginGroup.html",
    read=date(2026, 11, 24),
)
