"""ATL-010: somebody is told when operations on an Atlas cluster take longer than 100 ms on average."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameter, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .alerts import Limit, unwatched
from .clusters import CLUSTERS, require_dedicated

METRICS = ("AVG_READ_EXECUTION_TIME", "AVG_WRITE_EXECUTION_TIME", "AVG_COMMAND_EXECUTION_TIME")
MOST = Parameter(
    name="mostQueryMilliseconds",
    schema={"type": "number", "exclusiveMinimum": 0},
    default=100,
    what="The average milliseconds of an operation above which somebody must be told.",
)


def check(cluster: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    for metric in METRICS:
        yield from unwatched(cluster, stack, Limit(metric=metric, most=parameters[MOST.name], unit="MILLISECONDS"))


RULE = StackRule(
    id="ATL-010",
    name="atlas-query-time-alert",
    title="Atlas tells when reads, writes or commands take longer than 100 ms on average.",
    item=ChecklistItem.QUERY_TIME,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.MEDIUM,
    # Advisory, as all rules on alerts: a first version lives on the alerts that Atlas gives every project.
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add an AlertConfiguration, enabled and with a notification, on each of the three execution times.",
    example="""mongodbatlas.AlertConfiguration(
    "slow-reads",
    project_id=project.id,
    event_type="OUTSIDE_METRIC_THRESHOLD",
    enabled=True,
    metric_threshold_config={
        "metric_name": "AVG_READ_EXECUTION_TIME",
        "operator": "GREATER_THAN",
        "threshold": 100,
        "units": "MILLISECONDS",
        "mode": "AVERAGE",
    },
    notifications=[{"type_name": "EMAIL", "email_address": "on-call@example.com", "delay_min": 5, "interval_min": 60}],
)""",
    source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
    read=date(2026, 11, 24),
    parameters=(MOST,),
    unproven="That queries do take less than 100 ms: an average hides the slow ones.",
)
