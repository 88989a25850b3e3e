"""The thresholds that a monitoring vendor monitors: those of the stack's CloudWatch alarms, by the same names.

CloudWatch keeps all of its alarms with every vendor, because scaling, rollbacks and the budget need them. The vendor
gets the alarms on load balancer, services and cache. The others stay in CloudWatch alone: their metrics are custom or
of services that the vendor does not collect here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.metric import Metric
from components.monitoring.monitored_threshold import MonitoredThreshold
from stacks.monitoring.alarms import ENOUGH_REQUESTS

_NAMESPACES: Final = frozenset({"AWS/ApplicationELB", "AWS/ECS", "AWS/ElastiCache"})
_TOTAL: Final = "requests"  # the id of a percentage's total in the alarm's expression


@dataclass(frozen=True, kw_only=True, slots=True)
class VendorMonitoring:
    """What a vendor monitors."""

    thresholds: Mapping[str, MonitoredThreshold]
    requests: Metric
    failures: Sequence[Metric]


def vendor_thresholds(
    alarms: Mapping[str, Alarm], *, urgent: Collection[str], prefix: str = ""
) -> Mapping[str, MonitoredThreshold]:
    """Return the thresholds of alarms on metrics that a vendor collects. `urgent` has the names of severity page."""
    return {
        f"{prefix}{name}": _threshold(name, alarm, urgent)
        for name, alarm in alarms.items()
        if {metric.namespace for metric in alarm.metrics.values()} <= _NAMESPACES
    }


def _threshold(name: str, alarm: Alarm, urgent: Collection[str]) -> MonitoredThreshold:
    runbook = re.sub(r"-[0-9]+$", "", name)
    total = alarm.metrics.get(_TOTAL)
    if alarm.comparison not in (">", "<"):
        raise ValueError(
            f"{name}: the comparison has no equivalent at the vendors (got {alarm.comparison}). Use > or <."
        )
    return MonitoredThreshold(
        summary=alarm.summary,
        action=alarm.action,
        metrics=[metric for id, metric in alarm.metrics.items() if id != _TOTAL],
        total=total,
        min_total=0 if total is None else ENOUGH_REQUESTS,
        comparison=alarm.comparison,
        threshold=alarm.threshold,
        window_minutes=max(1, alarm.period_seconds * alarm.evaluation_periods // 60),
        notify_missing=alarm.treat_missing_data is TreatMissingData.BREACHING,
        runbook=runbook,
        urgent=runbook in urgent,
    )
