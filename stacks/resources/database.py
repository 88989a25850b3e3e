"""The database: an Atlas project, the private ways to it, the cluster, and its alerts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi import Input, Output, Resource, ResourceOptions

from components.atlas.alerts import AlertThresholds, AtlasAlerts, AtlasAlertsArgs
from components.atlas.backup_compliance import AtlasBackupCompliance, AtlasBackupComplianceArgs
from components.atlas.cluster import AtlasCluster, AtlasClusterArgs
from components.atlas.connection_string import connection_uri, iam_connection_uri
from components.atlas.encryption import AtlasEncryption, AtlasEncryptionArgs
from components.atlas.peering import AtlasPeering, AtlasPeeringArgs
from components.atlas.private_endpoint import PORTS as ENDPOINT_PORTS
from components.atlas.private_endpoint import AtlasPrivateEndpoint, AtlasPrivateEndpointArgs
from components.atlas.project import AtlasProject, AtlasProjectArgs
from components.atlas.topology import HELD, OtherRegion, Scaling
from components.atlas.users import Access, AtlasUser, AtlasUsers, AtlasUsersArgs
from components.ecs.task_security_group import Reach
from stacks.catalog import thresholds, versions
from stacks.catalog.phases import Block
from stacks.catalog.tiers import Tier
from stacks.config.groups import BackupCompliance
from stacks.config.model import DatabaseLogin
from stacks.context import Plan
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Ground

_PORTS: Final = (27015, 27017)  # a replica set answers on 27017; Atlas's connection strings may use the two below
_USERNAME: Final = "app"
_HOME_NODES, _OTHER_NODES = 2, (2, 1)  # of five that vote no region has three: the loss of any leaves a majority


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """What the service needs of it."""

    project_id: Output[str]
    cluster_name: Output[str]
    host: Output[str]
    uri: Output[str]  # secret
    reach: Reach  # for a task's security group
    ready: Sequence[Resource]  # traffic passes once they stand


def make_database(plan: Plan, ground: Ground, credentials: Credentials) -> Database:
    """`credentials.values` holds DATABASE_PASSWORD."""
    project = _project(plan)
    peering = _peering(plan, ground, project)
    encryption = _encryption(plan, ground, peering) if plan.settings.database_own_key else None
    project_id = encryption.project_id if encryption else peering.project_id
    cluster = _cluster(plan, project_id, credentials.values["DATABASE_PASSWORD"])
    endpoint = _endpoint(plan, ground, project, cluster) if plan.has(Block.DATABASE_ENDPOINT) else None
    if plan.has(Block.DATABASE_ALERTS):
        _alerts(plan, project, cluster)
    if plan.settings.database_backup_compliance is not None:
        _compliance(plan, project, cluster, plan.settings.database_backup_compliance)
    host = endpoint.host if endpoint else cluster.host
    first, last = ENDPOINT_PORTS if endpoint else _PORTS
    return Database(
        project_id=project.project_id,
        cluster_name=cluster.cluster_name,
        host=host,
        uri=_uri(plan, cluster, host if endpoint else None, credentials.values["DATABASE_PASSWORD"]),
        reach=Reach(from_port=first, to_port=last, security_group_id=endpoint.security_group_id)
        if endpoint
        else Reach(from_port=first, to_port=last, cidr_ipv4=peering.cidr),
        ready=[peering, *([endpoint] if endpoint else [])],
    )


def let_in(plan: Plan, database: Database, task_roles: Mapping[str, Output[str]]) -> None:
    """With tierup:databaseLogin iam: a database user for each task role, by a name of ours → the role's name."""
    if plan.settings.database_login is not DatabaseLogin.IAM:
        return
    AtlasUsers(
        "database-users",
        AtlasUsersArgs(
            project_id=database.project_id,
            cluster_name=database.cluster_name,
            host=database.host,
            database=plan.settings.database_name,
            users={
                name: AtlasUser(
                    access=Access.APPLICATION,
                    role_arn=Output.format("arn:aws:iam::{0}:role/{1}", plan.around.account_id, role),
                )
                for name, role in task_roles.items()
            },
            max_pool_size=plan.settings.sizes.database_pool,
        ),
        plan.opts,
    )


def _uri(plan: Plan, cluster: AtlasCluster, private_host: Output[str] | None, password: Output[str]) -> Output[str]:
    settings = plan.settings
    name, pool = settings.database_name, settings.sizes.database_pool
    if settings.database_login is DatabaseLogin.IAM:
        host = private_host if private_host is not None else cluster.host
        return Output.secret(host.apply(lambda at: iam_connection_uri(host=at, database=name, max_pool_size=pool)))
    if private_host is None:
        return cluster.connection_uri
    # Through the cluster's own URI, which is known once its user can log in.
    parts = Output.all(host=private_host, password=password, ready=cluster.connection_uri)
    return Output.secret(
        parts.apply(
            lambda known: connection_uri(
                host=known["host"], username=_USERNAME, password=known["password"], database=name, max_pool_size=pool
            )
        )
    )


def _project(plan: Plan) -> AtlasProject:
    audit = plan.has(Block.DATABASE_SCALING) and plan.settings.tier is Tier.LARGE  # a tenth of the cluster's price
    args = AtlasProjectArgs(
        org_id=plan.settings.atlas_org_id, project_name=_atlas_name(plan), audit=audit, tags=plan.tags
    )
    return AtlasProject("database-project", args, plan.opts)


def _peering(plan: Plan, ground: Ground, project: AtlasProject) -> AtlasPeering:
    """Stays when the private endpoint comes: operators' tools in the VPC use it, and it is free."""
    return AtlasPeering(
        "database-peering",
        AtlasPeeringArgs(
            project_id=project.project_id,
            account_id=plan.around.account_id,
            region=plan.settings.region,
            vpc_id=ground.network.vpc_id,
            vpc_cidr=ground.network.vpc_cidr,
            route_table_ids=ground.network.route_table_ids,
            atlas_cidr=plan.settings.atlas_cidr,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _cluster(plan: Plan, project_id: Input[str], password: Output[str]) -> AtlasCluster:
    settings, sizes = plan.settings, plan.settings.sizes
    several = plan.has(Block.DATABASE_REGIONS)
    others = zip(plan.other_regions, _OTHER_NODES, strict=True) if several else ()
    return AtlasCluster(
        "database",
        AtlasClusterArgs(
            project_id=project_id,
            cluster_name="app",
            region=settings.region,
            instance_size=sizes.database_size,
            disk_gb=sizes.database_disk_gb,
            nodes=_HOME_NODES if several else 3,
            other_regions=[OtherRegion(region=region, nodes=nodes) for region, nodes in others],
            shards=settings.shards,
            scaling=_scaling(plan),
            hold_scaling=settings.hold_database_scaling,
            mongodb_version=versions.MONGODB,
            database=settings.database_name,
            username=_USERNAME,
            password=password,
            max_pool_size=sizes.database_pool,
            own_key=settings.database_own_key,
            backups=settings.database_backups.retention(),
            termination_protection=settings.protect,
            # Kept snapshots outlive a stack that may be torn down at will, and cost on.
            retain_backups=settings.protect,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _encryption(plan: Plan, ground: Ground, peering: AtlasPeering) -> AtlasEncryption:
    """The stack has a key: combinations.py asks for it."""
    key_arn = ground.key_arn
    if key_arn is None:
        raise LookupError("tierup:databaseOwnKey without a key")
    args = AtlasEncryptionArgs(
        project_id=peering.project_id, key_arn=key_arn, region=plan.settings.region, tags=plan.tags
    )
    return AtlasEncryption("database-encryption", args, plan.opts)


def _compliance(plan: Plan, project: AtlasProject, cluster: AtlasCluster, wanted: BackupCompliance) -> None:
    """After the cluster with its schedule, which must keep at least as much when the policy comes."""
    AtlasBackupCompliance(
        "database-compliance",
        AtlasBackupComplianceArgs(
            project_id=project.project_id,
            least=plan.settings.database_backups.retention(),
            own_key=plan.settings.database_own_key,
            **wanted.model_dump(),
        ),
        ResourceOptions.merge(plan.opts, ResourceOptions(depends_on=[cluster])),
    )


def _scaling(plan: Plan) -> Scaling:
    """Nothing by itself before phase scale, so that another tier's size holds at once: Atlas ignores sizes it scales.
    Nothing in shards either: each would scale apart, and the provider set it back."""
    if not plan.has(Block.DATABASE_SCALING) or plan.settings.shards is not None:
        return HELD
    sizes = plan.settings.sizes
    return Scaling(floor=sizes.database_size, ceiling=sizes.database_ceiling)


def _endpoint(plan: Plan, ground: Ground, project: AtlasProject, cluster: AtlasCluster) -> AtlasPrivateEndpoint:
    return AtlasPrivateEndpoint(
        "database-endpoint",
        AtlasPrivateEndpointArgs(
            project_id=project.project_id,
            cluster_name=cluster.cluster_name,
            region=plan.settings.region,
            vpc_id=ground.network.vpc_id,
            subnet_ids=ground.task_subnet_ids,
            other_regions=plan.other_regions if plan.has(Block.DATABASE_REGIONS) else (),
            tags=plan.tags,
        ),
        plan.opts,
    )


def _alerts(plan: Plan, project: AtlasProject, cluster: AtlasCluster) -> None:
    AtlasAlerts(
        "database-alerts",
        AtlasAlertsArgs(
            project_id=project.project_id,
            cluster_name=cluster.cluster_name,
            email=plan.settings.alert_email,
            scaling=_scaling(plan) is not HELD,
            thresholds=AlertThresholds(
                execution_milliseconds=thresholds.SLOW_QUERY_MS,
                disk_percent=thresholds.DISK_PERCENT,
                cpu_percent=thresholds.CPU_PERCENT,
            ),
        ),
        plan.opts,
    )


def _atlas_name(plan: Plan) -> str:
    """At most the 64 characters that Atlas takes; a longer name ends in a digest of itself, so that it stays unique."""
    name = f"{plan.project}-{plan.stack}"
    return name if len(name) <= 64 else f"{name[:55]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
