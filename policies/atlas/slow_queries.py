"""ATL-018: an alert fires on queries that scan far more documents than they return, which indicates a missing index."""

from __future__ import annotations

from ..rule import ChecklistItem, Parameter, Pitfall
from .alerts import alert_rule

MAXIMUM_RATIO = Parameter(
    name="maximumScannedPerReturned",
    schema={"type": "number", "exclusiveMinimum": 0},
    default=1_000,
    what="The highest number of documents scanned per returned document at which an alert must fire.",
)

RULE = alert_rule(
    id="ATL-018",
    name="atlas-slow-query-alert",
    title="An alert fires when queries scan more than 1,000 documents for each one that they return.",
    item=ChecklistItem.SLOW_QUERIES,
    pitfall=Pitfall.MISSING_INDEXES,
    metrics=("QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED",),
    limit=MAXIMUM_RATIO,
    remediation=(
        "Create an enabled AlertConfiguration with a notification on QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED."
    ),
    example="query-targeting",
    example_threshold=1000,
    unproven="The rule does not see which queries are slow; Atlas's Query Profiler and Performance Advisor name them.",
)
