"""The database: an Atlas project, its private connections, the cluster, and its alerts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pulumi import Input, Output, Resource, ResourceOptions

from components.atlas.alerts import AlertThresholds, AtlasAlerts, AtlasAlertsArgs
from components.atlas.backup_compliance import AtlasBackupCompliance, AtlasBackupComplianceArgs
from components.atlas.cluster import AtlasCluster, AtlasClusterArgs, OtherUser
from components.atlas.connection_string import connection_uri, iam_connection_uri
from components.atlas.encryption import AtlasEncryption, AtlasEncryptionArgs
from components.atlas.log_export import AtlasLogExport, AtlasLogExportArgs
from components.atlas.network_container import AtlasNetworkContainer, AtlasNetworkContainerArgs
from components.atlas.peering import AtlasPeering, AtlasPeeringArgs
from components.atlas.private_endpoint import PORTS as ENDPOINT_PORTS
from components.atlas.private_endpoint import AtlasPrivateEndpoint, AtlasPrivateEndpointArgs
from components.atlas.project import AtlasProject, AtlasProjectArgs
from components.atlas.regional_endpoint import AtlasRegionalEndpoint, AtlasRegionalEndpointArgs
from components.atlas.regional_mode import AtlasRegionalMode, AtlasRegionalModeArgs
from components.atlas.topology import NO_AUTOSCALING, Autoscaling, OtherRegion
from components.atlas.users import Access, AtlasUser, AtlasUsers, AtlasUsersArgs
from components.ecs.task_security_group import EgressTarget
from components.scheduling.maintenance_windows import MaintenanceStart
from stacks.catalog import thresholds, versions
from stacks.catalog.phases import Feature
from stacks.catalog.tiers import Tier
from stacks.config.groups import BackupCompliance, generations
from stacks.config.model import DatabaseAuth
from stacks.context import StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Foundation

_PORTS: Final = (27015, 27017)  # a replica set listens on 27017; Atlas connection strings may also use 27015 and 27016
# The user name of even and of odd generations of the password, and the logical name of the user's resource.
_USERS: Final = (("app", "user"), ("app-2", "user-2"))
_PASSWORD: Final = "DATABASE_PASSWORD"  # noqa: S105 (a name)
_HOME_NODES, _OTHER_NODES = (
    2,
    (2, 1),
)  # no region has three of the five electable nodes, so the loss of one region leaves a majority


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """What the other parts need of the database."""

    project_id: Output[str]
    cluster_name: Output[str]
    host: Output[str]
    uri: Output[str]  # secret
    egress_target: EgressTarget  # for a task's security group
    ready: Sequence[Resource]  # the resources that a connection needs
    endpoint: AtlasPrivateEndpoint | None = None  # None in phases without private endpoint


@dataclass(frozen=True, kw_only=True, slots=True)
class HostedDatabase:
    """What a backend outside AWS needs of the database."""

    project_id: Output[str]
    host: Output[str]
    uri: Output[str]  # secret
    database: Database | None  # None when no backend is on AWS


def create_hosted_database(
    context: StackContext, foundation: Foundation | None, credentials: Credentials
) -> HostedDatabase:
    """Create the database for backends outside AWS. It has a VPC peering only if a backend is on AWS, too."""
    if foundation is not None:
        database = create_database(context, foundation, credentials)
        return HostedDatabase(project_id=database.project_id, host=database.host, uri=database.uri, database=database)
    project = _project(context)
    network = AtlasNetworkContainer(
        "database-peering",
        AtlasNetworkContainerArgs(
            project_id=project.project_id, region=context.settings.region, atlas_cidr=context.settings.atlas_cidr
        ),
        context.opts,
    )
    cluster = _cluster(context, network.project_id, credentials)
    uri = _uri(context, cluster, None, credentials.values[_PASSWORD])
    return HostedDatabase(project_id=project.project_id, host=cluster.host, uri=uri, database=None)


def create_database(context: StackContext, foundation: Foundation, credentials: Credentials) -> Database:
    """Create the database. `credentials.values` contains DATABASE_PASSWORD."""
    project = _project(context)
    peering = _peering(context, foundation, project)
    encryption = _encryption(context, foundation, peering) if context.settings.database_kms_key else None
    project_id = encryption.project_id if encryption else peering.project_id
    endpoint = _endpoint(context, foundation, project) if context.has(Feature.DATABASE_ENDPOINT) else None
    # A further region gets nodes after its endpoint. With one region, both are created at the same time.
    after = [endpoint] if endpoint and context.has(Feature.DATABASE_REGIONS) else []
    cluster = _cluster(context, project_id, credentials, after)
    mode = _regional_mode(context, project, cluster) if context.settings.regions else None
    if context.has(Feature.DATABASE_ALERTS):
        _alerts(context, project)
    if context.settings.database_log_export:
        _log_export(context, foundation, cluster, project_id)
    if context.settings.database_backup_compliance is not None:
        _compliance(context, project, cluster, context.settings.database_backup_compliance)
    private_host = endpoint.host(cluster.cluster_name, mode.project_id if mode else None) if endpoint else None
    first, last = ENDPOINT_PORTS if endpoint else _PORTS
    return Database(
        project_id=project.project_id,
        cluster_name=cluster.cluster_name,
        host=cluster.host if private_host is None else private_host,
        uri=_uri(context, cluster, private_host, credentials.values[_PASSWORD]),
        egress_target=EgressTarget(from_port=first, to_port=last, security_group_id=endpoint.security_group_id)
        if endpoint
        else EgressTarget(from_port=first, to_port=last, cidr_ipv4=peering.cidr),
        ready=[peering, *([endpoint] if endpoint else []), *([mode] if mode else [])],
        endpoint=endpoint,
    )


def connect_region(
    context: StackContext, foundation: Foundation, database: Database, credentials: Credentials
) -> Database:
    """Connect the network of a further region by its own private endpoint. `context` is that of the region."""
    settings = context.settings
    if database.endpoint is None:
        raise LookupError("tierup:regions: the stack has no private endpoint to the database (got None).")
    link = database.endpoint.links[settings.region]
    endpoint = AtlasRegionalEndpoint(
        context.named("database-endpoint"),
        AtlasRegionalEndpointArgs(
            project_id=database.project_id,
            cluster_name=database.cluster_name,
            region=settings.region,
            vpc_id=foundation.network.vpc_id,
            subnet_ids=foundation.task_subnet_ids,
            private_link_id=link.private_link_id,
            service_name=link.service_name,
            tags=context.tags,
        ),
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=list(database.ready))),
    )
    name, pool = settings.database_name, settings.sizes.database_max_pool_size
    username, _ = _user_of(context)
    if settings.database_auth is not DatabaseAuth.PASSWORD:
        uri = endpoint.host.apply(lambda at: iam_connection_uri(host=at, database=name, max_pool_size=pool))
    else:
        # The value waits for the URI of the first region, which is known only when the user can log in.
        parts = Output.all(host=endpoint.host, password=credentials.values[_PASSWORD], ready=database.uri)
        uri = parts.apply(
            lambda known: connection_uri(
                host=known["host"], username=username, password=known["password"], database=name, max_pool_size=pool
            )
        )
    first, last = ENDPOINT_PORTS
    return replace(
        database,
        host=endpoint.host,
        uri=Output.secret(uri),
        egress_target=EgressTarget(from_port=first, to_port=last, security_group_id=endpoint.security_group_id),
        ready=[endpoint],
    )


def grant_database_access(context: StackContext, database: Database, task_roles: Mapping[str, Output[str]]) -> None:
    """Create a database user for each task role when tierup:databaseAuth is iam or iam-only.

    `task_roles` maps a name for the user's resource to the name of the role.
    """
    if context.settings.database_auth is DatabaseAuth.PASSWORD:
        return
    AtlasUsers(
        "database-users",
        AtlasUsersArgs(
            project_id=database.project_id,
            cluster_name=database.cluster_name,
            host=database.host,
            database=context.settings.database_name,
            users={
                name: AtlasUser(
                    access=Access.APPLICATION,
                    role_arn=Output.format("arn:aws:iam::{0}:role/{1}", context.lookups.account_id, role),
                )
                for name, role in task_roles.items()
            },
            max_pool_size=context.settings.sizes.database_max_pool_size,
        ),
        context.opts,
    )


def _uri(
    context: StackContext, cluster: AtlasCluster, private_host: Output[str] | None, password: Output[str]
) -> Output[str]:
    settings = context.settings
    name, pool = settings.database_name, settings.sizes.database_max_pool_size
    if settings.database_auth is not DatabaseAuth.PASSWORD or cluster.connection_uri is None:
        host = private_host if private_host is not None else cluster.host
        return Output.secret(host.apply(lambda at: iam_connection_uri(host=at, database=name, max_pool_size=pool)))
    if private_host is None:
        return cluster.connection_uri
    username, _ = _user_of(context)
    # The value waits for the cluster's own URI, which is known only when its user can log in.
    parts = Output.all(host=private_host, password=password, ready=cluster.connection_uri)
    return Output.secret(
        parts.apply(
            lambda known: connection_uri(
                host=known["host"], username=username, password=known["password"], database=name, max_pool_size=pool
            )
        )
    )


def _project(context: StackContext) -> AtlasProject:
    audit = (
        context.has(Feature.DATABASE_AUTOSCALING) and context.settings.tier is Tier.LARGE
    )  # auditing costs 10 % of the cluster
    window = context.settings.database_maintenance
    args = AtlasProjectArgs(
        org_id=context.settings.atlas_org_id,
        project_name=_atlas_name(context),
        maintenance=MaintenanceStart(day=window.day, hour=window.hour) if window else None,
        audit=audit,
        tags=context.tags,
    )
    return AtlasProject("database-project", args, context.opts)


def _peering(context: StackContext, foundation: Foundation, project: AtlasProject) -> AtlasPeering:
    """Create the VPC peering. It stays next to a private endpoint, because operators' tools in the VPC use it and it is
    free."""
    return AtlasPeering(
        "database-peering",
        AtlasPeeringArgs(
            project_id=project.project_id,
            account_id=context.lookups.account_id,
            region=context.settings.region,
            vpc_id=foundation.network.vpc_id,
            vpc_cidr=foundation.network.vpc_cidr,
            route_table_ids=foundation.network.route_table_ids,
            atlas_cidr=context.settings.atlas_cidr,
            tags=context.tags,
        ),
        context.opts,
    )


def _cluster(
    context: StackContext, project_id: Input[str], credentials: Credentials, after: Sequence[Resource] = ()
) -> AtlasCluster:
    username, resource = _user_of(context)
    settings, sizes = context.settings, context.settings.sizes
    several = context.has(Feature.DATABASE_REGIONS)
    nodes = _electable_nodes(context) if several else {settings.region: 3}
    first = settings.serving_region
    others = [OtherRegion(region=region, nodes=count) for region, count in nodes.items() if region != first]
    return AtlasCluster(
        "database",
        AtlasClusterArgs(
            project_id=project_id,
            cluster_name="app",
            region=first,
            instance_size=sizes.database_instance_size,
            disk_gb=sizes.database_disk_gb,
            nodes=nodes[first],
            other_regions=others,
            shards=settings.shards,
            autoscaling=_scaling(context),
            pause_autoscaling=settings.pause_database_autoscaling,
            effective_fields=settings.database_effective_fields,
            mongodb_version=versions.MONGODB,
            database=settings.database_name,
            username=username,
            user_resource=resource,
            password=None if settings.database_auth is DatabaseAuth.IAM_ONLY else credentials.values[_PASSWORD],
            other_user=None if settings.database_auth is DatabaseAuth.IAM_ONLY else _other_user(context, credentials),
            max_pool_size=sizes.database_max_pool_size,
            customer_managed_key=settings.database_kms_key,
            backups=settings.database_backups.retention(),
            backup_copy_regions=() if settings.backup_copy_region is None else (settings.backup_copy_region,),
            termination_protection=settings.protect,
            # Retained snapshots continue to cost after an unprotected stack is destroyed.
            retain_backups=settings.protect,
            tags=context.tags,
        ),
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=list(after))),
    )


def _electable_nodes(context: StackContext) -> Mapping[str, int]:
    """Return the electable nodes of each region. The serving region is the first in the order of election."""
    regions = (context.settings.region, *context.other_regions)
    return dict(zip(regions, (_HOME_NODES, *_OTHER_NODES), strict=True))


def _user_of(context: StackContext) -> tuple[str, str]:
    """Return the name and the resource of the user that the application uses."""
    return _USERS[generations(context.settings.rotation.database).used % 2]


def _other_user(context: StackContext, credentials: Credentials) -> OtherUser | None:
    """Return the user of the other generation of the password, which exists during a rotation."""
    found = generations(context.settings.rotation.database)
    for generation, password in zip(found.accepted, credentials.accepted[_PASSWORD], strict=True):
        if generation != found.used:
            username, resource = _USERS[generation % 2]
            return OtherUser(resource=resource, username=username, password=password)
    return None


def _encryption(context: StackContext, foundation: Foundation, peering: AtlasPeering) -> AtlasEncryption:
    """Encrypt the database with the customer managed key. constraints.py ensures that the stack has one."""
    key_arn = foundation.key_arn
    if key_arn is None:
        raise LookupError(
            "tierup:databaseKmsKey: the stack has no customer managed key (got true). Set tierup:kmsKey to true."
        )
    args = AtlasEncryptionArgs(
        project_id=peering.project_id, key_arn=key_arn, region=context.settings.region, tags=context.tags
    )
    return AtlasEncryption("database-encryption", args, context.opts)


def _log_export(
    context: StackContext, foundation: Foundation, cluster: AtlasCluster, project_id: Output[str]
) -> AtlasLogExport:
    """Export the database's logs to the log bucket, whose retention applies to them."""
    args = AtlasLogExportArgs(
        project_id=project_id,
        bucket_name=foundation.logs.bucket_name,
        bucket_arn=foundation.logs.bucket_arn,
        logs=context.settings.database_log_export,
        tags=context.tags,
    )
    opts = ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[cluster]))
    return AtlasLogExport("database-logs", args, opts)


def _compliance(context: StackContext, project: AtlasProject, cluster: AtlasCluster, wanted: BackupCompliance) -> None:
    """Create the backup compliance policy after the cluster, whose schedule must already meet it."""
    AtlasBackupCompliance(
        "database-compliance",
        AtlasBackupComplianceArgs(
            project_id=project.project_id,
            minimum=context.settings.database_backups.retention(),
            customer_managed_key=context.settings.database_kms_key,
            **wanted.model_dump(),
        ),
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[cluster])),
    )


def _scaling(context: StackContext) -> Autoscaling:
    """Return the autoscaling of the cluster. It is off before phase scale, so that the size of another tier applies at
    once: Atlas ignores configured sizes while it scales. It is off with shards, because Atlas would scale each shard
    separately, and the provider would reset it."""
    if not context.has(Feature.DATABASE_AUTOSCALING) or context.settings.shards is not None:
        return NO_AUTOSCALING
    sizes = context.settings.sizes
    return Autoscaling(
        min_instance_size=sizes.database_instance_size, max_instance_size=sizes.database_max_instance_size
    )


def _regional_mode(context: StackContext, project: AtlasProject, cluster: AtlasCluster) -> AtlasRegionalMode:
    """Enable regionalized private endpoints, which Atlas refuses for replica sets: the cluster is sharded before."""
    return AtlasRegionalMode(
        "database-regions",
        AtlasRegionalModeArgs(project_id=project.project_id),
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[cluster])),
    )


def _endpoint(context: StackContext, foundation: Foundation, project: AtlasProject) -> AtlasPrivateEndpoint:
    return AtlasPrivateEndpoint(
        "database-endpoint",
        AtlasPrivateEndpointArgs(
            project_id=project.project_id,
            region=context.settings.region,
            vpc_id=foundation.network.vpc_id,
            subnet_ids=foundation.task_subnet_ids,
            other_regions=context.other_regions if context.has(Feature.DATABASE_REGIONS) else (),
            tags=context.tags,
        ),
        context.opts,
    )


def _alerts(context: StackContext, project: AtlasProject) -> None:
    AtlasAlerts(
        "database-alerts",
        AtlasAlertsArgs(
            project_id=project.project_id,
            email=context.settings.alert_email,
            autoscaling_limits=_scaling(context) is not NO_AUTOSCALING,
            thresholds=AlertThresholds(
                execution_milliseconds=thresholds.SLOW_QUERY_MS,
                disk_percent=thresholds.DISK_PERCENT,
                cpu_percent=thresholds.CPU_PERCENT,
            ),
        ),
        context.opts,
    )


def _atlas_name(context: StackContext) -> str:
    """Return the project name. Atlas allows 64 characters; a longer name ends in a digest, so that it stays unique."""
    name = f"{context.project}-{context.stack}"
    return name if len(name) <= 64 else f"{name[:55]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
