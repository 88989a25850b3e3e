"""The database: an Atlas project, the private way to it, the cluster, and its alerts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from pulumi import Output

from components.app_secrets import AppSecrets
from components.atlas_alerts import AlertThresholds, AtlasAlerts, AtlasAlertsArgs
from components.atlas_cluster import AtlasCluster, AtlasClusterArgs, BackupRetention
from components.atlas_peering import AtlasPeering, AtlasPeeringArgs
from components.atlas_project import AtlasProject, AtlasProjectArgs
from components.network import Network

from . import targets, versions
from .phases import Block
from .plan import Plan

PORTS: Final = (27015, 27017)  # a replica set answers on 27017; Atlas's connection strings may use the two below
_BACKUPS: Final = BackupRetention(daily_days=7, weekly_weeks=4, monthly_months=12, point_in_time_days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """What the service needs of it."""

    host: Output[str]
    uri: Output[str]  # secret
    peering: AtlasPeering  # traffic passes once it stands


def make_database(plan: Plan, network: Network, drawn: AppSecrets) -> Database:
    """`drawn` holds DATABASE_PASSWORD."""
    settings, sizes = plan.settings, plan.settings.sizes
    project = AtlasProject(
        "database-project",
        AtlasProjectArgs(org_id=settings.atlas_org_id, project_name=_atlas_name(plan), tags=plan.tags),
        plan.opts,
    )
    peering = AtlasPeering(
        "database-peering",
        AtlasPeeringArgs(
            project_id=project.project_id,
            account_id=plan.around.account_id,
            region=settings.region,
            vpc_id=network.vpc_id,
            vpc_cidr=network.vpc_cidr,
            route_table_ids={"public": network.public_route_table_id},
            atlas_cidr=settings.atlas_cidr,
            tags=plan.tags,
        ),
        plan.opts,
    )
    cluster = AtlasCluster(
        "database",
        AtlasClusterArgs(
            project_id=peering.project_id,
            cluster_name="app",
            region=settings.region,
            instance_size=sizes.database_size,
            disk_gb=sizes.database_disk_gb,
            mongodb_version=versions.MONGODB,
            database=settings.database_name,
            username="app",
            password=drawn.generated["DATABASE_PASSWORD"],
            max_pool_size=sizes.database_pool,
            backups=_BACKUPS,
            termination_protection=settings.protect,
            tags=plan.tags,
        ),
        plan.opts,
    )
    if plan.has(Block.DATABASE_ALERTS):
        AtlasAlerts(
            "database-alerts",
            AtlasAlertsArgs(
                project_id=project.project_id,
                cluster_name=cluster.cluster_name,
                email=settings.alert_email,
                thresholds=AlertThresholds(
                    execution_milliseconds=targets.SLOW_QUERY_MS,
                    disk_percent=targets.DISK_PERCENT,
                    cpu_percent=targets.CPU_PERCENT,
                ),
            ),
            plan.opts,
        )
    return Database(host=cluster.host, uri=cluster.connection_uri, peering=peering)


def _atlas_name(plan: Plan) -> str:
    """At most the 64 characters that Atlas takes; a longer name ends in a digest of itself, so that it stays unique."""
    name = f"{plan.project}-{plan.stack}"
    return name if len(name) <= 64 else f"{name[:55]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
