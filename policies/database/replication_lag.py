"""ATL-013: somebody is told when the secondaries of an Atlas cluster fall behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameter, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .alerts import Limit, unwatched
from .clusters import CLUSTERS, require_dedicated

METRIC = "OPLOG_SLAVE_LAG_MASTER_TIME"
MOST = Parameter(
    name="mostLagSeconds",
    schema={"type": "number", "exclusiveMinimum": 0},
    default=60,
    what="The seconds that a secondary may be behind before somebody must be told.",
)


def check(cluster: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    limit = Limit(metric=METRIC, most=parameters[MOST.name], unit="SECONDS")
    yield from unwatched(cluster, stack, limit)


RULE = StackRule(
    id="ATL-013",
    name="atlas-replication-lag-alert",
    title="Atlas tells when a secondary is more than a minute behind.",
    item=ChecklistItem.DATABASE_MONITORING,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add an AlertConfiguration, enabled and with a notification, on OPLOG_SLAVE_LAG_MASTER_TIME.",
    example="""mongodbatlas.AlertConfiguration(
    "replication-lag",
    project_id=project.id,
    event_type="OUTSIDE_METRIC_THRESHOLD",
    enabled=True,
    metric_threshold_config={
        "metric_name": "OPLOG_SLAVE_LAG_MASTER_TIME",
        "operator": "GREATER_THAN",
        "threshold": 30,
        "units": "SECONDS",
        "mode": "AVERAGE",
    },
    notifications=[{"type_name": "EMAIL", "email_address": "on-call@example.com", "delay_min": 5, "interval_min": 60}],
)""",
    source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
    read=date(2026, 11, 24),
    parameters=(MOST,),
    unproven="The rest of the database's health: dashboards and the application's own measurements.",
)
