"""Opens the clients of a failover: those of AWS in the region that takes over, and that of Atlas."""

from __future__ import annotations

from typing import Any

from tierup.failover.atlas_client import AtlasClient
from tierup.failover.cache_role import CacheRole
from tierup.failover.database_role import DatabaseRole
from tierup.failover.roles import Roles
from tierup.failover.stack_regions import StackRegions
from tierup.failover.traffic_role import TrafficRole
from tierup.failover.worker_role import WorkerRole
from tierup.preflight.aws_clients import GLOBAL_REGION, AwsClients
from tierup.preflight.stack_plan import StackPlan
from tierup.release.aws_errors import aws_errors


def open_roles(regions: StackRegions, plan: StackPlan, to: str) -> Roles:
    """Return what a failover to a region changes. Raises CommandError without credentials."""
    clients = AwsClients(plan.config, plan.region, hidden=plan.secret_keys)
    config = {key: value for key, value in plan.config.items() if key not in plan.secret_keys}

    def client(service: str, region: str) -> Any:
        with aws_errors():
            return clients.client(service, region)

    return Roles(
        cache=CacheRole(client("elasticache", to), regions.global_replication_group_id),
        database=DatabaseRole(AtlasClient(config), regions.database_project_id, regions.database_cluster_name),
        traffic=TrafficRole(client("route53", GLOBAL_REGION), regions),
        workers={
            name: WorkerRole(client("ecs", name), client("application-autoscaling", name), member)
            for name, member in regions.members.items()
        },
    )
