"""New Relic's alerts from a table of thresholds: a policy for each severity, NRQL conditions, and who is notified.

Creates a policy, an e-mail destination, a channel and a workflow for each severity, and one condition per threshold. A
workflow selects the issues of its policy, because New Relic notifies nobody by policies alone.

Checklist: monitoring.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi import Output, ResourceOptions

from components.monitoring.monitored_threshold import MonitoredThreshold
from components.monitoring.runbook import check_runbooks, runbook_file
from components.newrelic.aws_link import check_new_relic_account
from components.newrelic.queries import condition_query, is_streamed
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_newrelic as newrelic
else:
    newrelic = optional_sdk("pulumi_newrelic", "newrelic")

_WINDOW_SECONDS = 60  # CloudWatch's metrics have a data point a minute
_DELAY_SECONDS = 180  # a stream brings metrics within three minutes
_OPERATORS = {">": "above", "<": "below"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRelicAlertsArgs:
    """Arguments of NewRelicAlerts."""

    title: str
    """Beginning of the names of all policies, such as shop/prod."""
    thresholds: Mapping[str, MonitoredThreshold]
    """Thresholds by name. None may be a percentile, which a metric stream does not bring."""
    page_emails: Sequence[str]
    """E-mail addresses that are notified if users are affected now."""
    ticket_emails: Sequence[str]
    """E-mail addresses that are notified otherwise."""
    new_relic_account_id: str
    """Id of the New Relic account."""
    runbooks: str | None = None
    """URL of the folder of runbooks; None omits the links."""

    def __post_init__(self) -> None:
        check_runbooks(self.runbooks)
        check_new_relic_account("new_relic_account_id", self.new_relic_account_id)
        for argument, emails in (("page_emails", self.page_emails), ("ticket_emails", self.ticket_emails)):
            wrong = [each for each in emails if not _EMAIL.fullmatch(each)]
            if wrong or not emails:
                raise ValueError(
                    f"{argument}: no e-mail addresses (got {', '.join(wrong) or 'none'}). Give one address or more."
                )
        unknown = sorted(name for name, each in self.thresholds.items() if not is_streamed(each))
        if unknown:
            raise ValueError(
                f"thresholds: a metric stream has no percentiles for New Relic (got {', '.join(unknown)}). Leave them "
                "out; the alarms of CloudWatch stay."
            )


class NewRelicAlerts(pulumi.ComponentResource):
    """An alert policy for each severity, with one condition for each threshold."""

    policy_ids: Mapping[str, Output[str]]
    """Ids of the policies by severity."""

    def __init__(self, name: str, args: NewRelicAlertsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:newrelic:NewRelicAlerts", name, None, opts)
        self._logical_name = name
        self._args = args
        policies = {
            "page": self._policy("page", args.page_emails),
            "ticket": self._policy("ticket", args.ticket_emails),
        }
        for key, threshold in args.thresholds.items():
            self._condition(key, threshold, policies["page" if threshold.urgent else "ticket"])
        self.policy_ids = {severity: policy.id for severity, policy in policies.items()}
        self.register_outputs({"policy_ids": self.policy_ids})

    def _policy(self, severity: str, emails: Sequence[str]) -> newrelic.AlertPolicy:
        """Create the policy of a severity, and what notifies the addresses of its issues."""
        name, account = f"{self._logical_name}-{severity}", self._args.new_relic_account_id
        title, child = f"{self._args.title} {severity}", ResourceOptions(parent=self)
        policy = newrelic.AlertPolicy(
            f"{name}-policy", account_id=account, name=title, incident_preference="PER_CONDITION", opts=child
        )
        destination = newrelic.NotificationDestination(
            f"{name}-destination",
            account_id=account,
            name=title,
            type="EMAIL",
            properties=[{"key": "email", "value": ",".join(dict.fromkeys(emails))}],
            opts=child,
        )
        channel = newrelic.NotificationChannel(
            f"{name}-channel",
            account_id=account,
            name=title,
            type="EMAIL",
            destination_id=destination.id,
            product="IINT",
            properties=[{"key": "subject", "value": "{{issueTitle}}"}],
            opts=child,
        )
        newrelic.Workflow(
            f"{name}-workflow",
            account_id=account,
            name=title,
            muting_rules_handling="DONT_NOTIFY_FULLY_MUTED_ISSUES",
            issues_filter={
                "name": title,
                "type": "FILTER",
                "predicates": [{"attribute": "labels.policyIds", "operator": "EXACTLY_MATCHES", "values": [policy.id]}],
            },
            destinations=[{"channel_id": channel.id}],
            opts=child,
        )
        return policy

    def _condition(self, key: str, threshold: MonitoredThreshold, policy: newrelic.AlertPolicy) -> None:
        seconds = threshold.window_minutes * 60
        # Counts are added over the whole window; a gauge must breach in each of its minutes.
        window, duration = (seconds, seconds) if threshold.is_count else (_WINDOW_SECONDS, seconds)
        runbook = runbook_file(threshold.runbook or key)
        newrelic.NrqlAlertCondition(
            f"{self._logical_name}-{key}",
            account_id=self._args.new_relic_account_id,
            policy_id=policy.id,
            name=threshold.summary,
            description=f"{threshold.summary}\nWhat to do: {threshold.action}",
            runbook_url=None if self._args.runbooks is None else f"{self._args.runbooks}/{runbook}",
            type="static",
            enabled=True,
            nrql={"query": condition_query(threshold)},
            critical={
                "operator": _OPERATORS[threshold.comparison],
                "threshold": threshold.threshold,
                "threshold_duration": duration,
                "threshold_occurrences": "all",
            },
            aggregation_window=window,
            aggregation_method="event_flow",
            aggregation_delay=str(_DELAY_SECONDS),
            # A heartbeat that stops is an incident; the absence of errors or requests is none.
            expiration_duration=duration + _DELAY_SECONDS if threshold.notify_missing else None,
            open_violation_on_expiration=True if threshold.notify_missing else None,
            violation_time_limit_seconds=259_200,
            opts=ResourceOptions(parent=self),
        )
