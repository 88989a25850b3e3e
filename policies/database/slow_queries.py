"""ATL-018: somebody is told of queries that read far more documents than they return: an index is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameter, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .alerts import Limit, unwatched
from .clusters import CLUSTERS, require_dedicated

METRIC = "QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED"
MOST = Parameter(
    name="mostScannedPerReturned",
    schema={"type": "number", "exclusiveMinimum": 0},
    default=1_000,
    what="The documents read for one returned above which somebody must be told.",
)


def check(cluster: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    yield from unwatched(cluster, stack, Limit(metric=METRIC, most=parameters[MOST.name]))


RULE = StackRule(
    id="ATL-018",
    name="atlas-slow-query-alert",
    title="Atlas tells of queries that read a thousand documents for one they return.",
    item=ChecklistItem.SLOW_QUERIES,
    pitfall=Pitfall.MISSING_INDEXES,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add an AlertConfiguration, enabled and with a notification, on "
    "QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED.",
    example="""mongodbatlas.AlertConfiguration(
    "query-targeting",
    project_id=project.id,
    event_type="OUTSIDE_METRIC_THRESHOLD",
    enabled=True,
    metric_threshold_config={
        "metric_name": "QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED",
        "operator": "GREATER_THAN",
        "threshold": 1000,
        "units": "RAW",
        "mode": "AVERAGE",
    },
    notifications=[{"type_name": "EMAIL", "email_address": "on-call@example.com", "delay_min": 5, "interval_min": 60}],
)""",
    source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
    read=date(2026, 11, 24),
    parameters=(MOST,),
    unproven="Which queries are slow: Atlas's Query Profiler and Performance Advisor name them.",
)
