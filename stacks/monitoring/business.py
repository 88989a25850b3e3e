"""The three business metrics, the alarms on their absence, and the error budget.

The alarms notify when data stops, but not before the application has reported the metric for the first time. The
thresholds are assumptions for a new service. Replace them here by those of your service.
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
    """Return the alarms on missing business metrics: either the worker or the product is broken."""
    return {
        "active-users-silent": Alarm(
            summary="The application has not reported its number of active users for half an hour.",
            action="The worker logs it every 5 minutes. Check that the worker runs, then look for '_aws' in its log.",
            metrics={"users": metrics.metric(BusinessMetric.ACTIVE_USERS, "SampleCount")},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.MISSING,
            notify_missing=True,
            evaluation_periods=6,
        ),
        "no-tasks-created": Alarm(
            summary="No task was created for 24 hours.",
            action="Create a task. If it fails, read the API's log and Sentry; otherwise check that the app logs "
            "the metric.",
            metrics={"tasks": metrics.metric(BusinessMetric.TASKS_CREATED, "Sum")},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.MISSING,
            notify_missing=True,
            period_seconds=3_600,
            evaluation_periods=24,
        ),
        "retention-silent": Alarm(
            summary="Retention has not been computed for two days.",
            action="Read the log of the worker's daily job around midnight UTC.",
            metrics={"retention": metrics.metric(BusinessMetric.RETENTION, "SampleCount")},
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.MISSING,
            notify_missing=True,
            period_seconds=_DAY,
            evaluation_periods=2,
        ),
    }


def business_row(metrics: BusinessMetrics) -> DashboardRow:
    """Return the dashboard row of the business metrics."""
    return DashboardRow(
        heading="Business",
        reading="The use of the product. A decline without an alarm is a question for the product team.",
        panels=[
            Graph(
                title="Active users",
                lines={"per 5 minutes": metrics.metric(BusinessMetric.ACTIVE_USERS, "Maximum")},
                unit="users",
                period_seconds=300,
            ),
            Graph(
                title="Tasks created per hour",
                lines={"tasks": metrics.metric(BusinessMetric.TASKS_CREATED, "Sum")},
                unit="tasks",
                period_seconds=3_600,
            ),
            Graph(
                title="Retention",
                lines={"returning users of last week": metrics.metric(BusinessMetric.RETENTION, "Maximum")},
                unit="%",
                period_seconds=_DAY,
            ),
        ],
    )


def objective_row(*, requests: Metric, failures: Mapping[str, Metric]) -> DashboardRow:
    """Return the dashboard row of the error budget, with the metrics of the burn-rate alarms."""
    operands = {**failures, "requests": requests}
    failed = failed_percent(failures)
    budget = round(100 - OBJECTIVE_PERCENT, 6)
    return DashboardRow(
        heading="Error budget",
        reading=f"{OBJECTIVE_PERCENT:g} % of requests succeed. At burn rate 1 the budget lasts a month, at 14.4 "
        "two days.",
        panels=[
            Graph(
                title="Failed requests",
                lines={"per hour": Computed(expression=failed, operands=operands)},
                unit="%",
                limit=budget,
                period_seconds=3_600,
            ),
            Graph(
                title="Burn rate",
                lines={"per hour": Computed(expression=f"({failed}) / {budget:g}", operands=operands)},
                unit="times",
                limit=14.4,
                period_seconds=3_600,
            ),
        ],
    )
