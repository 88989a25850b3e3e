"""The MongoDB Atlas resources of the compliant program."""

from __future__ import annotations

from datetime import date

import pulumi_mongodbatlas as mongodbatlas
from pulumi import Input

ALERTS: dict[str, tuple[str, float, str]] = {
    "slow-reads": ("AVG_READ_EXECUTION_TIME", 100, "MILLISECONDS"),
    "slow-writes": ("AVG_WRITE_EXECUTION_TIME", 100, "MILLISECONDS"),
    "slow-commands": ("AVG_COMMAND_EXECUTION_TIME", 0.1, "SECONDS"),
    "query-targeting": ("QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED", 1_000, "RAW"),
    "connections": ("CONNECTIONS_PERCENT", 80, "RAW"),
    "disk": ("DISK_PARTITION_SPACE_USED_DATA", 75, "RAW"),
    "replication-lag": ("OPLOG_SLAVE_LAG_MASTER_TIME", 30, "SECONDS"),
}
"""Logical name to metric, threshold and units."""


def deploy() -> None:
    project = mongodbatlas.Project("atlas", org_id="o", name="atlas")
    cluster = _cluster(project.id)
    mongodbatlas.CloudBackupSchedule(
        "atlas-schedule",
        project_id=project.id,
        cluster_name=cluster.name,
        policy_item_hourly={"frequency_interval": 6, "retention_unit": "days", "retention_value": 2},
        policy_item_daily={"frequency_interval": 1, "retention_unit": "days", "retention_value": 7},
    )
    mongodbatlas.DatabaseUser(
        "atlas-user",
        project_id=project.id,
        auth_database_name="admin",
        username="app",
        password="a-password-of-the-tests",
        roles=[{"role_name": "readWrite", "database_name": "app"}],
        scopes=[{"name": cluster.name, "type": "CLUSTER"}],
    )
    mongodbatlas.Auditing("atlas-audit", project_id=project.id, enabled=True, audit_filter="{}")
    mongodbatlas.NetworkPeering("atlas-peering", project_id=project.id, container_id="c", provider_name="AWS")
    for name, (metric, threshold, units) in ALERTS.items():
        mongodbatlas.AlertConfiguration(
            f"atlas-{name}",
            project_id=project.id,
            event_type="OUTSIDE_METRIC_THRESHOLD",
            enabled=True,
            matchers=[{"field_name": "CLUSTER_NAME", "operator": "EQUALS", "value": cluster.name}],
            metric_threshold_config={
                "metric_name": metric,
                "operator": "GREATER_THAN",
                "threshold": threshold,
                "units": units,
                "mode": "AVERAGE",
            },
            notifications=[{"type_name": "EMAIL", "email_address": "on-call@example.com"}],
        )


def _cluster(project_id: Input[str]) -> mongodbatlas.AdvancedCluster:
    return mongodbatlas.AdvancedCluster(
        "atlas-cluster",
        name="atlas-main",
        project_id=project_id,
        cluster_type="REPLICASET",
        mongo_db_major_version="8.0",
        backup_enabled=True,
        pit_enabled=True,
        termination_protection_enabled=True,
        encryption_at_rest_provider="AWS",
        tags={"RestoreTested": date.today().isoformat()},
        advanced_configuration={"minimum_enabled_tls_protocol": "TLS1_2"},
        replication_specs=[{"region_configs": [_region("EU_WEST_1", 7, 2), _region("EU_CENTRAL_1", 6, 1)]}],
    )


def _region(name: str, priority: int, nodes: int) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgsDict:
    return {
        "provider_name": "AWS",
        "region_name": name,
        "priority": priority,
        "electable_specs": {"instance_size": "M10", "node_count": nodes},
        "auto_scaling": {"disk_gb_enabled": True},
    }
