"""ATL-013: an alert fires when the secondaries of an Atlas cluster lag behind the primary."""

from __future__ import annotations

from ..rule import ChecklistItem, Parameter
from .alerts import alert_rule

MAXIMUM_SECONDS = Parameter(
    name="maximumLagSeconds",
    schema={"type": "number", "exclusiveMinimum": 0},
    default=60,
    what="The highest replication lag of a secondary, in seconds, at which an alert must fire.",
)

RULE = alert_rule(
    id="ATL-013",
    name="atlas-replication-lag-alert",
    title="An alert fires when a secondary lags more than a minute behind the primary.",
    item=ChecklistItem.DATABASE_MONITORING,
    metrics=("OPLOG_SLAVE_LAG_MASTER_TIME",),
    limit=MAXIMUM_SECONDS,
    unit="SECONDS",
    remediation="Create an enabled AlertConfiguration with a notification on OPLOG_SLAVE_LAG_MASTER_TIME.",
    example="replication-lag",
    example_threshold=30,
    unproven="The rule does not see the rest of the database's health: dashboards and the application's own metrics.",
)
