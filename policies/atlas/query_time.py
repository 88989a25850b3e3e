"""ATL-010: an alert fires when the operations of an Atlas cluster take longer than 100 ms on average."""

from __future__ import annotations

from ..rule import ChecklistItem, Parameter
from .alerts import alert_rule

MAXIMUM_MILLISECONDS = Parameter(
    name="maximumQueryMilliseconds",
    schema={"type": "number", "exclusiveMinimum": 0},
    default=100,
    what="The highest average execution time of an operation, in milliseconds, at which an alert must fire.",
)

RULE = alert_rule(
    id="ATL-010",
    name="atlas-query-time-alert",
    title="An alert fires when reads, writes or commands take longer than 100 ms on average.",
    item=ChecklistItem.QUERY_TIME,
    metrics=(
        "AVG_READ_EXECUTION_TIME",
        "AVG_WRITE_EXECUTION_TIME",
        "AVG_COMMAND_EXECUTION_TIME",
    ),
    limit=MAXIMUM_MILLISECONDS,
    unit="MILLISECONDS",
    remediation="Create an enabled AlertConfiguration with a notification on each of the three execution times.",
    example="slow-reads",
    example_threshold=100,
    unproven="The rule does not see how long queries take; an average also hides the slow ones.",
)
