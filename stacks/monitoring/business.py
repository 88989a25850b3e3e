"""What the business sees: its three metrics with the alarms on their absence, and the error budget.

The numbers are guesses that a new service can live with; who knows theirs sets them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.burn_rate_alarms import failed_percent
from components.monitoring.business_metrics import BusinessMetric, BusinessMetrics
from components.monitoring.dashboard import Computed, DashboardRow, Graph
from components.monitoring.metric import Metric

_DAY: Final = 86_400
OBJECTIVE_PERCENT: Final = 99.9  # the guide's "errors < 0.1 %"


def business_alarms(metrics: BusinessMetrics) -> Mapping[str, Alarm]:
    """A business metric that stops is either a broken worker or a broken product: somebody must look either way."""
    return {
        "active-users-silent": Alarm(
            summary="The app has not said for half an hour how many users are active.",
            action="It is logged by the worker every 5 minutes: does it run? Then look for '_aws' in its log.",
            metrics={"users": metrics.metric(BusinessMetric.ACTIVE_USERS, "SampleCount")},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.BREACHING,
            evaluation_periods=6,
        ),
        "no-tasks-created": Alarm(
            summary="Nobody has created a task for a day.",
            action="Create one yourself. If that fails, the API's log and Sentry; if not, does the app still log it?",
            metrics={"tasks": metrics.metric(BusinessMetric.TASKS_CREATED, "Sum")},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.BREACHING,
            period_seconds=3_600,
            evaluation_periods=24,
        ),
        "retention-silent": Alarm(
            summary="Retention has not been computed for two days.",
            action="The worker's daily job: its log around midnight UTC.",
            metrics={"retention": metrics.metric(BusinessMetric.RETENTION, "SampleCount")},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.BREACHING,
            period_seconds=_DAY,
            evaluation_periods=2,
        ),
    }


def business_row(metrics: BusinessMetrics) -> DashboardRow:
    """For those who do not care about CPUs."""
    return DashboardRow(
        heading="Business",
        reading="Is the product used? A fall here with green alarms is a question for the people who make it.",
        panels=[
            Graph(
                title="Active users",
                lines={"in 5 minutes": metrics.metric(BusinessMetric.ACTIVE_USERS, "Maximum")},
                unit="users",
                period_seconds=300,
            ),
            Graph(
                title="Tasks created in an hour",
                lines={"tasks": metrics.metric(BusinessMetric.TASKS_CREATED, "Sum")},
                unit="tasks",
                period_seconds=3_600,
            ),
            Graph(
                title="Retention",
                lines={"last week's users who came back": metrics.metric(BusinessMetric.RETENTION, "Maximum")},
                unit="%",
                period_seconds=_DAY,
            ),
        ],
    )


def objective_row(*, requests: Metric, failures: Mapping[str, Metric]) -> DashboardRow:
    """The same metrics as the burn-rate alarms get."""
    operands = {**failures, "requests": requests}
    failed = failed_percent(failures)
    budget = round(100 - OBJECTIVE_PERCENT, 6)
    return DashboardRow(
        heading="Error budget",
        reading=f"{OBJECTIVE_PERCENT:g} % of requests succeed. At pace 1 the budget lasts the month; at 14.4 two days.",
        panels=[
            Graph(
                title="Failed requests",
                lines={"in an hour": Computed(expression=failed, operands=operands)},
                unit="%",
                limit=budget,
                period_seconds=3_600,
            ),
            Graph(
                title="Pace at which the budget is burnt",
                lines={"in an hour": Computed(expression=f"({failed}) / {budget:g}", operands=operands)},
                unit="times",
                limit=14.4,
                period_seconds=3_600,
            ),
        ],
    )
