"""E-mail alerts of one Atlas project's hosts, with the guide's thresholds.

Creates one alert configuration per metric and, on request, one for each limit that autoscaling can reach. The project
has Atlas's default alerts (no primary, host down and so on). The alerts have no matcher and apply to every host of the
project, which holds one cluster: matchers of host metrics accept TYPE_NAME, HOSTNAME, PORT, HOSTNAME_AND_PORT,
REPLICA_SET_NAME and ATLAS_NODE_TYPE, and no cluster name (Atlas Admin API, HostMatcherField, read 2026-11-28).
Checklist: database performance monitoring.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertThresholds:
    """The values beyond which an alert fires. The defaults are the guide's, where it has one."""

    execution_milliseconds: float = 100
    """Average execution time of reads, of writes and of commands, in milliseconds."""
    scanned_per_returned: float = 1_000
    """Documents scanned per document returned. A ratio far above 1 means a missing index. This is Atlas's default."""
    connections_percent: float = 80
    """Percentage of the connections that the instance size allows."""
    disk_percent: float = 75
    """Percentage of a node's disk in use."""
    cpu_percent: float = 70
    """Percentage of a node's cores in use, normalized over all cores."""
    replication_lag_seconds: float = 30
    """How far a secondary is behind the primary. A failover can lose unacknowledged writes of this time."""
    oplog_hours: float | None = None
    """Lower bound of the oplog window, in hours. A secondary, or point-in-time backup, that is away for longer has to
    start again from a full copy. None creates no alert."""
    memory_percent: float | None = None
    """Percentage of a node's memory in use. None creates no alert, because MongoDB fills memory with cached data."""

    def __post_init__(self) -> None:
        for threshold in fields(self):
            given: float | None = getattr(self, threshold.name)
            if given is None:
                continue
            value = float(given)
            highest = 100 if threshold.name.endswith("_percent") else float("inf")
            if not 0 < value < highest:
                raise ValueError(
                    f"{threshold.name}: the alert would fire always or never (got {value}). Give a value above 0 and "
                    f"below {highest}."
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasAlertsArgs:
    """Arguments of AtlasAlerts."""

    project_id: Input[str]
    """Id of the Atlas project."""

    email: str
    """One e-mail address that receives the alerts."""
    thresholds: AlertThresholds = AlertThresholds()
    """The values beyond which an alert fires."""
    delay_minutes: int = 5
    """Minutes that a condition must last before Atlas sends the first notification; 0 or more."""
    repeat_minutes: int = 60
    """Minutes between notifications while the condition lasts; 5 or more."""
    autoscaling_limits: bool = False
    """Whether alerts fire when autoscaling reaches its largest instance size or the largest disk."""

    def __post_init__(self) -> None:
        if "@" not in self.email.strip("@"):
            raise ValueError(f"email: not an e-mail address (got {self.email!r}). Give one address.")
        if self.delay_minutes < 0:
            raise ValueError(f"delay_minutes: must not be negative (got {self.delay_minutes}). Give 0 or more.")
        if self.repeat_minutes < 5:
            raise ValueError(
                f"repeat_minutes: shorter than Atlas's minimum (got {self.repeat_minutes}). Give 5 or more."
            )


class AtlasAlerts(ComponentResource):
    """Alerts for a slow, full or lagging database."""

    def __init__(self, name: str, args: AtlasAlertsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasAlerts", name, None, opts)
        for condition, (metric, operator, threshold, units) in _conditions(args.thresholds).items():
            mongodbatlas.AlertConfiguration(
                f"{name}-{condition}",
                project_id=args.project_id,
                event_type="OUTSIDE_METRIC_THRESHOLD",
                enabled=True,
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
        for event, event_type in _AUTOSCALING_EVENTS.items() if args.autoscaling_limits else ():
            mongodbatlas.AlertConfiguration(
                f"{name}-{event}",
                project_id=args.project_id,
                event_type=event_type,
                enabled=True,
                notifications=[_notification(args)],
                opts=ResourceOptions(parent=self),
            )
        self.register_outputs({})


_AUTOSCALING_EVENTS = {
    "largest-size": "COMPUTE_AUTO_SCALE_MAX_INSTANCE_SIZE_FAIL_BASE",
    "largest-disk": "DISK_AUTO_SCALE_MAX_DISK_SIZE_FAIL",
}
"""Logical name -> event type. These events belong to the project and accept no matcher.
Source: the Atlas Admin API's specification, alert configurations (read 2026-11-24)."""


def _notification(args: AtlasAlertsArgs) -> mongodbatlas.AlertConfigurationNotificationArgsDict:
    return {
        "type_name": "EMAIL",
        "email_address": args.email,
        "delay_min": args.delay_minutes,
        "interval_min": args.repeat_minutes,
    }


def _conditions(limits: AlertThresholds) -> dict[str, tuple[str, str, float, str]]:
    """Return logical name -> metric, operator, threshold, units.

    Source: https://www.mongodb.com/docs/atlas/reference/alert-host-metrics/ (read 2026-11-29). It names
    OPLOG_REPLICATION_LAG_TIME as the successor of OPLOG_SLAVE_LAG_MASTER_TIME, which is still the only one that the
    description of the API allows for alert configurations (2026-08-21).
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
