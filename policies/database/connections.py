"""ATL-011: somebody is told before an Atlas cluster runs out of connections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameter, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .alerts import Limit, unwatched
from .clusters import CLUSTERS, require_dedicated

METRIC = "CONNECTIONS_PERCENT"
MOST = Parameter(
    name="mostConnectionsPercent",
    schema={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100},
    default=80,
    what="The percentage of a node's connections in use above which somebody must be told.",
)


def check(cluster: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    yield from unwatched(cluster, stack, Limit(metric=METRIC, most=parameters[MOST.name]))


RULE = StackRule(
    id="ATL-011",
    name="atlas-connections-alert",
    title="Atlas tells when more than 80 % of a node's connections are in use.",
    item=ChecklistItem.CONNECTIONS,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add an AlertConfiguration, enabled and with a notification, on CONNECTIONS_PERCENT.",
    example="""mongodbatlas.AlertConfiguration(
    "connections",
    project_id=project.id,
    event_type="OUTSIDE_METRIC_THRESHOLD",
    enabled=True,
    metric_threshold_config={
        "metric_name": "CONNECTIONS_PERCENT",
        "operator": "GREATER_THAN",
        "threshold": 80,
        "units": "RAW",
        "mode": "AVERAGE",
    },
    notifications=[{"type_name": "EMAIL", "email_address": "on-call@example.com", "delay_min": 5, "interval_min": 60}],
)""",
    source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
    read=date(2026, 11, 24),
    parameters=(MOST,),
    unproven="How full the application's own pools are: that only the application can measure.",
)
