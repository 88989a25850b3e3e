"""Datadog monitors from a table of thresholds, each with a message for the person on call.

Creates one datadog.Monitor per row. A row with `min_total` has two more: one on the total, and a composite monitor,
which alone notifies. Datadog collects metrics of CloudWatch with a delay, so the monitors evaluate data that is
`delay_seconds` old.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi import Output, ResourceOptions

from components.datadog.queries import monitor_query, total_query
from components.datadog.recipients import DatadogRecipients
from components.monitoring.metric import Metric
from components.monitoring.monitored_threshold import MonitoredThreshold
from components.monitoring.runbook import check_runbooks, runbook_line
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_datadog as datadog
else:
    datadog = optional_sdk("pulumi_datadog", "datadog")

POLLING_DELAY_SECONDS = 900
"""The delay that Datadog recommends for metrics which it polls from CloudWatch.
https://docs.datadoghq.com/integrations/guide/cloud-metric-delay/ (from memory)"""
_PRIORITY = {True: "1", False: "3"}


@dataclass(frozen=True, kw_only=True, slots=True)
class DatadogMonitorsArgs:
    """Arguments of DatadogMonitors."""

    thresholds: Mapping[str, MonitoredThreshold]
    """Thresholds by name; `api` and `slow-responses` become the monitor api-slow-responses."""
    title: str
    """Beginning of the names of all monitors, such as shop/prod."""
    recipients: DatadogRecipients
    """Who is notified."""
    tags: Mapping[str, str]
    """Tags of every monitor."""
    runbooks: str | None = None
    """URL of the folder of runbooks; None omits the links."""
    delay_seconds: int = POLLING_DELAY_SECONDS
    """Delay of the evaluation in seconds, 0 to 86,400; smaller with a metric stream."""

    def __post_init__(self) -> None:
        check_runbooks(self.runbooks)
        if not 0 <= self.delay_seconds <= 86_400:
            raise ValueError(
                f"delay_seconds: not a delay of a monitor (got {self.delay_seconds}). Give 0 to 86,400 seconds."
            )


class DatadogMonitors(pulumi.ComponentResource):
    """Datadog monitors, one for each threshold."""

    ids: Mapping[str, Output[str]]
    """Ids of the monitors that notify, by the name of the threshold."""

    def __init__(self, name: str, args: DatadogMonitorsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:datadog:DatadogMonitors", name, None, opts)
        self._logical_name = name
        self._args = args
        self.ids = {key: self._create(key, each) for key, each in args.thresholds.items()}
        self.register_outputs({"ids": self.ids})

    def _create(self, key: str, threshold: MonitoredThreshold) -> Output[str]:
        query = monitor_query(threshold)
        if threshold.total is None or not threshold.min_total:
            return self._monitor(key, threshold, query, threshold.threshold, notifies=True).id
        return self._composite(key, threshold, threshold.total, query)

    def _composite(self, key: str, threshold: MonitoredThreshold, total: Metric, query: Output[str]) -> Output[str]:
        """Create the monitors of a percentage that is evaluated only from a minimum total on."""
        share = self._monitor(f"{key}-share", threshold, query, threshold.threshold, notifies=False)
        enough = self._monitor(
            f"{key}-total", threshold, total_query(threshold, total), threshold.min_total, notifies=False
        )
        return datadog.Monitor(
            f"{self._logical_name}-{key}",
            name=f"{self._args.title}: {threshold.summary}",
            type="composite",
            query=Output.concat(share.id, " && ", enough.id),
            message=self._message(key, threshold, notifies=True),
            priority=_PRIORITY[threshold.urgent],
            tags=self._tags(threshold),
            opts=ResourceOptions(parent=self),
        ).id

    def _monitor(
        self, key: str, threshold: MonitoredThreshold, query: Output[str], critical: float, *, notifies: bool
    ) -> datadog.Monitor:
        missing = threshold.notify_missing and notifies
        return datadog.Monitor(
            f"{self._logical_name}-{key}",
            name=f"{self._args.title}: {threshold.summary if notifies else f'part of {key}'}",
            type="query alert",
            query=query,
            message=self._message(key, threshold, notifies=notifies),
            monitor_thresholds=datadog.MonitorMonitorThresholdsArgs(critical=f"{critical:g}"),
            evaluation_delay=self._args.delay_seconds,
            notify_no_data=missing,
            # Datadog recommends twice the window, and the data arrives with the delay.
            no_data_timeframe=2 * threshold.window_minutes + self._args.delay_seconds // 60 if missing else None,
            # Counts are sparse: CloudWatch has no data point without a request.
            require_full_window=False,
            priority=_PRIORITY[threshold.urgent],
            tags=self._tags(threshold),
            opts=ResourceOptions(parent=self),
        )

    def _message(self, key: str, threshold: MonitoredThreshold, *, notifies: bool) -> str:
        if not notifies:
            return "Part of a composite monitor; it notifies nobody."
        runbook = runbook_line(self._args.runbooks, threshold.runbook or key)
        text = f"{threshold.summary}\nWhat to do: {threshold.action}{runbook}"
        return self._args.recipients.message(text, urgent=threshold.urgent)

    def _tags(self, threshold: MonitoredThreshold) -> list[str]:
        severity = "page" if threshold.urgent else "ticket"
        return sorted([*datadog_tags(self._args.tags), f"severity:{severity}"])


def datadog_tags(tags: Mapping[str, str]) -> list[str]:
    """Return tags of AWS in the form of Datadog, which has key:value in lower case."""
    return sorted(f"{key}:{value}".lower().replace(" ", "_") for key, value in tags.items())
