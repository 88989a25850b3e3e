"""ATL-011: an alert fires before an Atlas cluster runs out of connections."""

from __future__ import annotations

from ..rule import ChecklistItem, Parameter
from .alerts import alert_rule

MAXIMUM_PERCENT = Parameter(
    name="maximumConnectionsPercent",
    schema={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100},
    default=80,
    what="The highest percentage of a node's connections in use at which an alert must fire.",
)

RULE = alert_rule(
    id="ATL-011",
    name="atlas-connections-alert",
    title="An alert fires when more than 80 % of a node's connections are in use.",
    item=ChecklistItem.CONNECTIONS,
    metrics=("CONNECTIONS_PERCENT",),
    limit=MAXIMUM_PERCENT,
    remediation="Create an enabled AlertConfiguration with a notification on CONNECTIONS_PERCENT.",
    example="connections",
    example_threshold=80,
    unproven="The rule does not see the application's own connection pools; only the application can measure them.",
)
