"""Cache and database grow from one node to shards and regions on the real engine, without replacement."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.atlas.backup_retention import BackupRetention
from components.atlas.cluster import AtlasCluster, AtlasClusterArgs
from components.atlas.encryption import AtlasEncryption, AtlasEncryptionArgs
from components.atlas.peering import AtlasPeering, AtlasPeeringArgs
from components.atlas.private_endpoint import AtlasPrivateEndpoint, AtlasPrivateEndpointArgs
from components.atlas.project import AtlasProject, AtlasProjectArgs
from components.atlas.topology import Autoscaling, OtherRegion
from components.elasticache.replication_group import CacheAuth, ReplicationGroup, ReplicationGroupArgs
from components.elasticache.topology import ClusterMode
from components.elasticache.users import CacheUsers, CacheUsersArgs
from components.scheduling.maintenance_windows import MaintenanceStart
from tests.engine.sandbox_stack import CreateStack, SandboxStack

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]
REGION, OTHER_REGION = "eu-west-1", "eu-central-1"
TAGS = {"Stack": "dev"}
SECRETS = {"token": "token-of-the-cache-1", "cache": "password-of-the-app-1", "database": "word-of-the-database"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """The configuration of one `up`."""

    cache: dict[str, Any] = field(default_factory=dict[str, Any])
    database: dict[str, Any] = field(default_factory=dict[str, Any])
    users: bool = False
    default_user_enabled: bool = False
    endpoint: bool = False
    other_regions: tuple[str, ...] = ()
    kms_key: bool = False

    def program(self, account: str) -> Callable[[], None]:
        return lambda: self._build(account)

    def _build(self, account: str) -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
        zones = enumerate("abc")
        subnets = [
            aws.ec2.Subnet(
                zone, vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24", availability_zone=f"{REGION}{zone}"
            ).id
            for number, zone in zones
        ]
        table = aws.ec2.RouteTable("table", vpc_id=vpc.id)
        pulumi.export("cache", self._cache(vpc.id, subnets).endpoint)
        pulumi.export("database", self._database(account, vpc.id, subnets, table.id))

    def _cache(self, vpc_id: pulumi.Output[str], subnets: list[pulumi.Output[str]]) -> ReplicationGroup:
        token, password = pulumi.Output.secret(SECRETS["token"]), pulumi.Output.secret(SECRETS["cache"])
        args = ReplicationGroupArgs(
            vpc_id=vpc_id,
            subnet_ids=subnets,
            engine_version="8.1",
            node_type="cache.t4g.micro",
            log_retention_days=30,
            auth_token=token,
            tags=TAGS,
        )
        if self.users:
            users = CacheUsers(
                "cache-users",
                CacheUsersArgs(
                    group_id="tasks-dev",
                    passwords=[password],
                    default_passwords=[token],
                    default_user_enabled=self.default_user_enabled,
                    tags=TAGS,
                ),
            )
            auth = CacheAuth(user_group_id=users.group_id, username=users.username, password=password)
            args = replace(args, auth_token=None, auth=auth)
        return ReplicationGroup("cache", replace(args, **self.cache))

    def _database(
        self,
        account: str,
        vpc_id: pulumi.Output[str],
        subnets: list[pulumi.Output[str]],
        table_id: pulumi.Output[str],
    ) -> pulumi.Output[str]:
        project = AtlasProject(
            "project",
            AtlasProjectArgs(
                org_id="a" * 24,
                project_name=f"growth {account}",
                maintenance=MaintenanceStart(day="sun", hour=3) if self.endpoint else None,
                audit=self.endpoint,
                tags=TAGS,
            ),
        )
        peering = AtlasPeering(
            "peering",
            AtlasPeeringArgs(
                project_id=project.project_id,
                account_id=account,
                region=REGION,
                vpc_id=vpc_id,
                vpc_cidr="10.0.0.0/16",
                route_table_ids={"public": table_id},
                tags=TAGS,
            ),
        )
        project_id = peering.project_id
        if self.kms_key:
            key = aws.kms.Key("key", enable_key_rotation=True)
            encryption = AtlasEncryptionArgs(project_id=project_id, key_arn=key.arn, region=REGION, tags=TAGS)
            project_id = AtlasEncryption("encryption", encryption).project_id
        endpoint = self._endpoint(project.project_id, vpc_id, subnets)
        cluster = AtlasCluster(
            "db",
            AtlasClusterArgs(
                project_id=project_id,
                cluster_name="app",
                region=REGION,
                mongodb_version="8.0",
                database="tasks",
                username="app",
                password=pulumi.Output.secret(SECRETS["database"]),
                max_pool_size=50,
                termination_protection=False,
                customer_managed_key=self.kms_key,
                tags=TAGS,
                **self.database,
            ),
            pulumi.ResourceOptions(depends_on=[endpoint] if endpoint else []),
        )
        return cluster.host if endpoint is None else endpoint.host(cluster.cluster_name)

    def _endpoint(
        self, project_id: pulumi.Output[str], vpc_id: pulumi.Output[str], subnets: list[pulumi.Output[str]]
    ) -> AtlasPrivateEndpoint | None:
        if not self.endpoint:
            return None
        return AtlasPrivateEndpoint(
            "private",
            AtlasPrivateEndpointArgs(
                project_id=project_id,
                region=REGION,
                other_regions=self.other_regions,
                vpc_id=vpc_id,
                subnet_ids=subnets,
                tags=TAGS,
            ),
        )


FIXED = {"autoscaling": Autoscaling(disk=False), "backups": BackupRetention(point_in_time_days=7)}
SCALED = {
    **FIXED,
    "instance_size": "M30",
    "disk_gb": 40,
    "autoscaling": Autoscaling(min_instance_size="M30", max_instance_size="M50"),
}
PAUSED = {**SCALED, "instance_size": "M60", "disk_gb": 320, "autoscaling": Autoscaling(), "pause_autoscaling": True}
SHARDED = {
    **PAUSED,
    "pause_autoscaling": False,
    "nodes": 2,
    "other_regions": [OtherRegion(region=OTHER_REGION, nodes=1)],
    "backups": BackupRetention(point_in_time_days=7, yearly_years=3),
    "backup_copy_regions": ["eu-west-2"],
    "analytics_nodes": 1,
}
MULTI_AZ = {"replicas": 2, "automatic_failover": True, "multi_az": True}

FIRST = Step(database={**FIXED, "instance_size": "M10", "disk_gb": 10})
MEDIUM = replace(FIRST, database={**FIXED, "instance_size": "M30", "disk_gb": 40})
SCALE = Step(cache=MULTI_AZ, database=SCALED, users=True, default_user_enabled=True, endpoint=True)
DEFAULT_USER_DISABLED = replace(SCALE, default_user_enabled=False)
AUTOSCALING_PAUSED = replace(
    DEFAULT_USER_DISABLED, cache={**MULTI_AZ, "cluster_mode": ClusterMode.COMPATIBLE}, database=PAUSED
)
TWO_REGIONS = replace(
    AUTOSCALING_PAUSED,
    cache={**MULTI_AZ, "cluster_mode": ClusterMode.ENABLED},
    database={**SHARDED, "shards": 1},
    other_regions=(OTHER_REGION,),
)
ENTERPRISE = replace(
    TWO_REGIONS,
    cache={**MULTI_AZ, "cluster_mode": ClusterMode.ENABLED, "shards": 3},
    database={**SHARDED, "shards": 2},
    kms_key=True,
)
LATER_STEPS = (MEDIUM, SCALE, DEFAULT_USER_DISABLED, AUTOSCALING_PAUSED, TWO_REGIONS, ENTERPRISE)


def stateful(stack: SandboxStack) -> dict[str, str]:
    """Return the ids of the cache and the database cluster by type token."""
    ends = ("ReplicationGroup", "AdvancedCluster")
    return {resource.type: resource.id for resource in stack.resources() if resource.type.endswith(ends)}


def test_cache_and_database_grow_in_place(create_stack: CreateStack) -> None:
    stack = create_stack()
    program = FIRST.program(stack.account)
    done = stack.up(program)
    assert not done.error
    first = stateful(stack)
    assert len(first) == 2
    for number, step in enumerate(LATER_STEPS, start=2):
        program = step.program(stack.account)
        done = stack.up(program)
        assert not done.error, f"step {number}"
        assert stateful(stack) == first, f"step {number} replaces a resource that holds data"
        again = stack.preview(program)
        assert again.empty, f"the second preview of step {number} is not empty: {again}"
    assert done.outputs["cache"].startswith("clustercfg.")
    assert "-pl-0." in done.outputs["database"], "the host is the one of the private endpoints"
    assert stack.refresh(program).empty
    state = json.dumps(stack.export())
    assert not [secret for secret in SECRETS.values() if secret in state]
    assert not stack.destroy(program).error
    assert stack.resources() == []


def test_cluster_mode_cannot_be_enabled_without_the_compatible_step(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(replace(FIRST, cache=MULTI_AZ).program(stack.account)).error
    sharded = replace(FIRST, cache={**MULTI_AZ, "cluster_mode": ClusterMode.ENABLED, "shards": 2})

    assert "Set it to compatible first" in stack.up(sharded.program(stack.account)).error
