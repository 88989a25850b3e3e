"""Sentry's alerts of one project: on new and returning issues, on many errors, and on slow and failing transactions.

Creates two issue alerts, a metric alert on the number of errors and, if the application sends traces, metric alerts on
the 95th percentile of the response time and on the failure rate. All of them notify a team.

Checklist: error tracking, monitoring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi import Input, Output, ResourceOptions

from components.optional_sdk import optional_sdk
from components.sentry.slugs import check_slug

if TYPE_CHECKING:
    import pulumiverse_sentry as sentry
else:
    sentry = optional_sdk("pulumiverse_sentry", "sentry")

_ABOVE = 0  # thresholdType of SentryMetricAlert
_CONDITIONS = "sentry.rules.conditions"


@dataclass(frozen=True, kw_only=True, slots=True)
class SentryAlertsArgs:
    """Arguments of SentryAlerts."""

    organization: str
    """Slug of the organization."""
    project: Input[str]
    """Slug of the project."""
    team_id: Input[str]
    """Internal id of the team that is notified."""
    errors: int
    """Number of errors in five minutes above which an alert fires."""
    tracing: bool = False
    """Whether the application sends traces; without them the two alerts below would have no data."""
    p95_seconds: float = 0.5
    """Response time in seconds that 95 % of the transactions must not exceed."""
    failure_percent: float = 0.1
    """Percentage of transactions that may fail."""
    repeat_minutes: int = 30
    """Least number of minutes between two messages on one issue, 5 to 43,200."""

    def __post_init__(self) -> None:
        check_slug("organization", self.organization)
        if self.errors < 1:
            raise ValueError(f"errors: must be positive (got {self.errors}). Give 1 or more.")
        if self.p95_seconds <= 0 or not 0 < self.failure_percent < 100:
            raise ValueError(
                f"p95_seconds, failure_percent: no thresholds (got {self.p95_seconds}, {self.failure_percent}). Give "
                "a positive time, and a percentage below 100."
            )
        if not 5 <= self.repeat_minutes <= 43_200:
            raise ValueError(
                f"repeat_minutes: outside Sentry's limits (got {self.repeat_minutes}). Give 5 to 43,200 minutes."
            )


class SentryAlerts(pulumi.ComponentResource):
    """Sentry alerts on errors and, with tracing, on response times and failures."""

    def __init__(self, name: str, args: SentryAlertsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:sentry:SentryAlerts", name, None, opts)
        self._logical_name = name
        self._args = args
        self._issue_alert(
            "new-issue", "An error occurred for the first time", "first_seen_event.FirstSeenEventCondition"
        )
        self._issue_alert("regression", "A resolved error has returned", "regression_event.RegressionEventCondition")
        self._metric_alert("many-errors", "Many errors", "events", "count()", "event.type:error", 5, args.errors)
        if args.tracing:
            p95, rate = round(args.p95_seconds * 1_000, 3), args.failure_percent / 100
            # The aggregate of transactions is in milliseconds, and the failure rate a fraction.
            self._metric_alert("slow-responses", "Slow responses", *_transactions("p95(transaction.duration)"), 15, p95)
            self._metric_alert("error-rate", "Failing requests", *_transactions("failure_rate()"), 15, rate)
        self.register_outputs({})

    def _issue_alert(self, key: str, title: str, condition: str) -> None:
        args = self._args
        sentry.SentryIssueAlert(
            f"{self._logical_name}-{key}",
            organization=args.organization,
            project=args.project,
            name=title,
            action_match="any",
            filter_match="all",
            frequency=args.repeat_minutes,
            conditions=[{"id": f"{_CONDITIONS}.{condition}"}],
            actions=[
                {
                    "id": "sentry.mail.actions.NotifyEmailAction",
                    "targetType": "Team",
                    "targetIdentifier": Output.from_input(args.team_id),
                }
            ],
            opts=ResourceOptions(parent=self),
        )

    def _metric_alert(
        self, key: str, title: str, dataset: str, aggregate: str, query: str, minutes: int, threshold: float
    ) -> None:
        args = self._args
        action = sentry.SentryMetricAlertTriggerActionArgs(
            type="email", target_type="team", target_identifier=args.team_id
        )
        sentry.SentryMetricAlert(
            f"{self._logical_name}-{key}",
            organization=args.organization,
            project=args.project,
            name=title,
            dataset=dataset,
            event_types=["error"] if dataset == "events" else ["transaction"],
            query=query,
            aggregate=aggregate,
            time_window=minutes,
            threshold_type=_ABOVE,
            resolve_threshold=threshold,
            triggers=[
                sentry.SentryMetricAlertTriggerArgs(
                    label="critical", threshold_type=_ABOVE, alert_threshold=threshold, actions=[action]
                )
            ],
            opts=ResourceOptions(parent=self),
        )


def _transactions(aggregate: str) -> tuple[str, str, str]:
    """Return dataset, aggregate and query of an alert on all transactions."""
    return "transactions", aggregate, "event.type:transaction"
