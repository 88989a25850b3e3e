"""Alerts of one Atlas cluster on the guide's numbers, by e-mail.

Makes: one alert configuration a metric, and where asked for one on each limit that autoscaling runs into. Not here:
Atlas's default alerts (no primary, host down ...), which come with the project.
Checklist: database performance monitoring.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertThresholds:
    """Above what an alert is raised. The numbers are the guide's, where it has one."""

    execution_milliseconds: float = 100
    """Average time of an operation: reads, writes and commands each."""
    scanned_per_returned: float = 1_000
    """Documents read for one document returned: far above 1, an index is missing. Atlas's own default."""
    connections_percent: float = 80
    """Of the connections that the instance size allows."""
    disk_percent: float = 75
    """Of a node's disk in use."""
    cpu_percent: float = 70
    """Of all cores of a node in use."""
    replication_lag_seconds: float = 30
    """How far a secondary is behind; what a failover could lose with unacknowledged writes."""
    oplog_hours: float | None = None
    """Below what: how long a secondary, or the backup of any second, may be away before it has to start anew."""
    memory_percent: float | None = None
    """Of a node's memory in use. None: no alert, because MongoDB fills memory with what was read."""

    def __post_init__(self) -> None:
        for threshold in fields(self):
            given: float | None = getattr(self, threshold.name)
            if given is None:
                continue
            value = float(given)
            highest = 100 if threshold.name.endswith("_percent") else float("inf")
            if not 0 < value < highest:
                raise ValueError(
                    f"{threshold.name} is {value}; allowed is more than 0 and less than {highest}: "
                    "an alert at either end would ring always or never"
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasAlertsArgs:
    """Whose alerts, to whom."""

    project_id: Input[str]
    """Whose alerts they are."""
    cluster_name: Input[str]
    """The cluster that is watched."""
    email: str
    """One address."""
    thresholds: AlertThresholds = AlertThresholds()
    """From which values on."""
    delay_minutes: int = 5
    """How long a value must stand before anyone is told."""
    repeat_minutes: int = 60
    """How often it is told again while it lasts, 5 or more."""
    scaling: bool = False
    """Tell, too, when autoscaling reaches its ceiling or the largest disk: from then on load only rises."""

    def __post_init__(self) -> None:
        if "@" not in self.email.strip("@"):
            raise ValueError(f"email is {self.email!r}; give one address: alerts nobody reads are not alerts")
        if self.delay_minutes < 0:
            raise ValueError(f"delay_minutes is {self.delay_minutes}; allowed is 0 or more")
        if self.repeat_minutes < 5:
            raise ValueError(f"repeat_minutes is {self.repeat_minutes}; Atlas repeats a notice after 5 minutes or more")


class AtlasAlerts(ComponentResource):
    """Tells of a slow, full or lagging database before users do."""

    def __init__(self, name: str, args: AtlasAlertsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasAlerts", name, None, opts)
        for condition, (metric, operator, threshold, units) in _conditions(args.thresholds).items():
            mongodbatlas.AlertConfiguration(
                f"{name}-{condition}",
                project_id=args.project_id,
                event_type="OUTSIDE_METRIC_THRESHOLD",
                enabled=True,
                matchers=[{"field_name": "CLUSTER_NAME", "operator": "EQUALS", "value": args.cluster_name}],
                metric_threshold_config={
                    "metric_name": metric,
                    "operator": operator,
                    "threshold": threshold,
                    "units": units,
                    "mode": "AVERAGE",
                },
                notifications=[_notification(args)],
                opts=ResourceOptions(parent=self),
            )
        for event, event_type in _SCALING_EVENTS.items() if args.scaling else ():
            mongodbatlas.AlertConfiguration(
                f"{name}-{event}",
                project_id=args.project_id,
                event_type=event_type,
                enabled=True,
                notifications=[_notification(args)],
                opts=ResourceOptions(parent=self),
            )
        self.register_outputs({})


_SCALING_EVENTS = {
    "largest-size": "COMPUTE_AUTO_SCALE_MAX_INSTANCE_SIZE_FAIL_BASE",
    "largest-disk": "DISK_AUTO_SCALE_MAX_DISK_SIZE_FAIL",
}
"""Logical name -> event. They are the project's and take no matcher.
Source: the Atlas Admin API's specification, alert configurations (read 2026-11-24)."""


def _notification(args: AtlasAlertsArgs) -> mongodbatlas.AlertConfigurationNotificationArgsDict:
    return {
        "type_name": "EMAIL",
        "email_address": args.email,
        "delay_min": args.delay_minutes,
        "interval_min": args.repeat_minutes,
    }


def _conditions(limits: AlertThresholds) -> dict[str, tuple[str, str, float, str]]:
    """Logical name -> metric, operator, threshold, units.

    Source: https://www.mongodb.com/docs/atlas/reference/alert-host-metrics/ (from memory, to be checked).
    """
    above, below = "GREATER_THAN", "LESS_THAN"
    slow = limits.execution_milliseconds
    conditions: dict[str, tuple[str, str, float | None, str]] = {
        "slow-reads": ("AVG_READ_EXECUTION_TIME", above, slow, "MILLISECONDS"),
        "slow-writes": ("AVG_WRITE_EXECUTION_TIME", above, slow, "MILLISECONDS"),
        "slow-commands": ("AVG_COMMAND_EXECUTION_TIME", above, slow, "MILLISECONDS"),
        "query-targeting": ("QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED", above, limits.scanned_per_returned, "RAW"),
        "connections": ("CONNECTIONS_PERCENT", above, limits.connections_percent, "RAW"),
        "disk": ("DISK_PARTITION_SPACE_USED_DATA", above, limits.disk_percent, "RAW"),
        "cpu": ("NORMALIZED_SYSTEM_CPU_USER", above, limits.cpu_percent, "RAW"),
        "replication-lag": ("OPLOG_SLAVE_LAG_MASTER_TIME", above, limits.replication_lag_seconds, "SECONDS"),
        "oplog": ("OPLOG_MASTER_TIME", below, limits.oplog_hours, "HOURS"),
        "memory": ("SYSTEM_MEMORY_PERCENT_USED", above, limits.memory_percent, "RAW"),
    }
    return {
        condition: (metric, operator, threshold, units)
        for condition, (metric, operator, threshold, units) in conditions.items()
        if threshold is not None
    }
