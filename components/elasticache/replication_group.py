"""An ElastiCache replication group (Valkey or Redis OSS) with encryption and a security group without rules.

It stays the same replication group from one node to many shards: every change except of network, port and KMS key is an
update in place.

Creates the subnet group, parameter group, security group, log group and replication group. It does not create the
AUTH token and passwords (components/secrets/app_secrets.py generates them), the users (users.py) or alarms.
Checklist: response caching, secrets (AUTH token or users), logging, automated backups, high availability.

AWS and its provider require an order for two changes.

* AUTH token -> users: set `auth` instead of `auth_token`. One `up` deletes the token and attaches the user group
  (AuthTokenUpdateStrategy DELETE, which AWS allows in this transition only). Clients that still authenticate with the
  token stay connected if the default user accepts it during that `up` (users.py).
* One shard -> many: `ClusterMode` DISABLED -> COMPATIBLE -> ENABLED with one shard -> more shards, one `up` each,
  because the provider changes shards before the mode. A new cache may start ENABLED with all its shards. ENABLED cannot
  be changed back. Clients must support the cluster protocol and use database 0 only.
  Source of the order: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
  (ClusterMode), and of the irreversible change:
  https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html (both read 2026-11-24).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.elasticache.topology import (
    CacheEngine,
    ClusterMode,
    Eviction,
    check_nodes,
    check_shards,
    parameter_family,
)
from components.monitoring.log_retention import check_retention
from components.scheduling.maintenance_windows import daily_minutes, weekly_minutes

SNAPSHOT_DAYS = range(36)
"""Retention of automatic snapshots in days. Source: hashicorp/terraform-provider-aws,
internal/service/elasticache/replication_group.go (snapshot_retention_limit; read 2026-11-24)."""

_VERSION = re.compile(r"(\d+)\.\d+")
_SNAPSHOT_NAME = re.compile(r"[a-zA-Z](-?[a-zA-Z0-9])*")


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheAuth:
    """The application user of a user group (users.py)."""

    user_group_id: Input[str]
    """Id of a user group of the same engine."""
    username: str
    """Name of the user, which becomes part of the URL."""
    password: Input[str]
    """Password of the user, 16 to 128 characters; a secret."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplicationGroupArgs:
    """Arguments of ReplicationGroup. Set exactly one of `auth_token` and `auth`.

    Raises ValueError for values and combinations that ElastiCache does not support.
    """

    vpc_id: Input[str]
    """Id of the subnets' VPC. A change replaces the cache."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Ids of subnets in two zones or more, preferably without an internet route."""
    engine_version: str
    """Major and minor version, such as 8.0."""
    node_type: str
    """ElastiCache node type, such as cache.t4g.micro."""
    log_retention_days: int
    """Retention of the slow log in days; one of the periods that CloudWatch Logs supports."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    auth_token: Input[str] | None = None
    """AUTH token, 16 to 128 letters and digits. A new token is added to the old one, so clients stay connected."""
    snapshot_name: str | None = None
    """Name of the snapshot whose data a new cache gets. It has no effect on an existing cache."""
    url_auth_token: Input[str] | None = None
    """Token in the URL, if clients still use another one than `auth_token`; the cache must accept it. None is
    `auth_token`."""
    auth_token_only: bool = False
    """Whether the cache accepts `auth_token` alone, after a rotation. Otherwise a new token is added to the old one."""
    auth: CacheAuth | None = None
    """User of a user group. None to use the AUTH token."""
    engine: CacheEngine = CacheEngine.VALKEY
    """Valkey or Redis OSS. A change from Redis to Valkey is in place; a change back replaces the cache."""
    replicas: int = 0
    """Read replicas of each shard, 0 to 5."""
    cluster_mode: ClusterMode = ClusterMode.DISABLED
    """Whether keys are distributed over shards."""
    shards: int = 1
    """Number of shards, 1 to 500; more than 1 with ClusterMode.ENABLED only."""
    automatic_failover: bool = False
    """Whether a replica is promoted when the primary fails; needs a replica."""
    multi_az: bool = False
    """Whether replicas are in other zones than their primary; needs `automatic_failover`."""
    eviction: Eviction = Eviction.VOLATILE_LRU
    """Eviction policy for full memory."""
    snapshot_days: int = 7
    """Retention of daily snapshots in days, 0 to 35. 0 disables snapshots."""
    snapshot_window: str = "02:00-03:00"
    """Daily snapshot window in UTC, an hour or longer. It must not overlap `maintenance_window`."""
    maintenance_window: str = "sun:04:00-sun:05:00"
    """Weekly maintenance window in UTC, an hour or longer, in which AWS patches nodes."""
    final_snapshot_name: str | None = None
    """Name of the snapshot that is taken when the cache is destroyed; it must be unused. None takes no snapshot."""
    port: int = 6379
    """TCP port, 1 to 65535. A change replaces the cache."""
    key_arn: Input[str] | None = None
    """Customer managed KMS key of the data; None for the AWS managed key. A change replaces the cache."""
    log_key_arn: Input[str] | None = None
    """Customer managed KMS key of the log group; its key policy must allow CloudWatch Logs. A change is in place."""
    global_group_id: Input[str] | None = None
    """Id of the Global Datastore that this cache joins as a secondary, which accepts no writes. It takes engine,
    version, node type, shards, parameters and encryption from the primary; the arguments must describe the same ones.
    A change replaces the cache."""

    def __post_init__(self) -> None:
        if (self.auth_token is None) == (self.auth is None):
            got = "neither" if self.auth is None else "both"
            raise ValueError(
                f"auth_token, auth: not exactly one (got {got}). "
                "Set one of them: ElastiCache supports only one authentication method."
            )
        if not 0 < self.port < 65_536:
            raise ValueError(f"port: out of range (got {self.port}). Set 1 to 65535.")
        check_nodes(self.node_type, self.replicas, failover=self.automatic_failover, multi_az=self.multi_az)
        check_shards(self.cluster_mode, self.shards, self.replicas, failover=self.automatic_failover)
        self._check_names()
        self._check_windows()

    def _check_names(self) -> None:
        if not _VERSION.fullmatch(self.engine_version):
            raise ValueError(
                f"engine_version: not major.minor (got {self.engine_version!r}). "
                "Set a version such as 8.0: AWS selects the patch version."
            )
        parameter_family(self.engine, self.engine_version)
        name = self.final_snapshot_name
        if name is not None and not (len(name) <= 255 and _SNAPSHOT_NAME.fullmatch(name)):
            raise ValueError(
                f"final_snapshot_name: not a snapshot name (got {name!r}). "
                "Set a letter, then letters, digits and single hyphens, at most 255 characters."
            )

    def _check_windows(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)
        if self.snapshot_days not in SNAPSHOT_DAYS:
            raise ValueError(
                f"snapshot_days: out of range (got {self.snapshot_days}). Set 0 (off) to {SNAPSHOT_DAYS.stop - 1} days."
            )
        snapshot_minutes = daily_minutes("snapshot_window", self.snapshot_window)
        if snapshot_minutes & weekly_minutes("maintenance_window", self.maintenance_window):
            raise ValueError(
                "snapshot_window, maintenance_window: the windows overlap "
                f"(got {self.snapshot_window} and {self.maintenance_window}). "
                "Set windows that do not overlap: a node under maintenance takes no snapshot."
            )


class ReplicationGroup(ComponentResource):
    """A cache that requires TLS and the AUTH token or a user's password."""

    endpoint: Output[str]
    """Host name of the primary endpoint, or of the configuration endpoint of a cluster, without the port."""
    port: int
    """TCP port of all nodes."""
    url: Output[str]
    """rediss:// URL with the AUTH token, or with user and password; a secret."""
    cluster_protocol: bool
    """Whether clients should use the cluster protocol: from COMPATIBLE on, because all clients must before ENABLED."""
    security_group_id: Output[str]
    """Id of the security group, to which each client adds its ingress rule for `port`."""
    replication_group_id: Output[str]
    """Id of the replication group in ElastiCache."""
    node_ids: Output[Sequence[str]]
    """The `CacheClusterId` dimension of each node's metrics, sorted. It is the provider's list, because node numbers
    have gaps: ElastiCache selects the replica that it removes (hashicorp/terraform-provider-aws#17296; read
    2026-11-24), and a node that is older than the shards may keep its name without a shard number."""

    def __init__(self, name: str, args: ReplicationGroupArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ReplicationGroup", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        group = self._security_group()
        replication = self._replication_group(group)

        self.endpoint = self._endpoint(replication)
        self.port = args.port
        self.url = self._url()
        self.cluster_protocol = args.cluster_mode is not ClusterMode.DISABLED
        self.security_group_id = group.id
        self.replication_group_id = replication.replication_group_id
        self.node_ids = replication.member_clusters.apply(lambda ids: sorted(ids or ()))
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "port": self.port,
                "url": self.url,
                "cluster_protocol": self.cluster_protocol,
                "security_group_id": self.security_group_id,
                "replication_group_id": self.replication_group_id,
                "node_ids": self.node_ids,
            }
        )

    def _endpoint(self, group: aws.elasticache.ReplicationGroup) -> Output[str]:
        if self._args.cluster_mode is ClusterMode.DISABLED:
            return group.primary_endpoint_address
        # A preview of the change has the outputs of the old state, which has no configuration endpoint.
        return Output.all(group.configuration_endpoint_address, group.primary_endpoint_address).apply(
            lambda hosts: hosts[0] or hosts[1]
        )

    def _url(self) -> Output[str]:
        args = self._args
        token = args.auth_token if args.url_auth_token is None else args.url_auth_token
        username, secret = (args.auth.username, args.auth.password) if args.auth else ("", token)
        return Output.secret(
            Output.all(host=self.endpoint, secret=secret).apply(
                lambda parts: f"rediss://{username}:{quote(parts['secret'], safe='')}@{parts['host']}:{args.port}"
            )
        )

    def _security_group(self) -> aws.ec2.SecurityGroup:
        name, args = self._logical_name, self._args
        # It has no rules: a cache opens no connections, and each client adds its ingress rule to this group, because
        # clients are created after the cache, whose URL they need.
        return aws.ec2.SecurityGroup(
            f"{name}-security-group",
            description="Cache: in from its clients",
            vpc_id=args.vpc_id,
            tags={**args.tags, "Name": name},
            opts=self._child,
        )

    def _replication_group(self, group: aws.ec2.SecurityGroup) -> aws.elasticache.ReplicationGroup:
        name, args = self._logical_name, self._args
        sharded, by_token = args.cluster_mode is ClusterMode.ENABLED, args.auth_token is not None
        # The provider refuses these arguments of a secondary, which takes them from the primary
        # (internal/service/elasticache/replication_group.go, ConflictsWith; read 2026-11-28).
        own = args.global_group_id is None
        return aws.elasticache.ReplicationGroup(
            f"{name}-replication",
            description=f"Cache {name}",
            global_replication_group_id=args.global_group_id,
            engine=args.engine.value if own else None,
            engine_version=args.engine_version if own else None,
            parameter_group_name=self._parameter_group().name if own else None,
            node_type=args.node_type if own else None,
            # Always explicit: the input is optional and computed, so that the provider keeps the old mode if it is
            # omitted (internal/service/elasticache/replication_group.go, read 2026-11-28).
            cluster_mode=args.cluster_mode.value if own else None,
            num_cache_clusters=None if sharded else 1 + args.replicas,
            num_node_groups=args.shards if sharded and own else None,
            replicas_per_node_group=args.replicas if sharded else None,
            automatic_failover_enabled=args.automatic_failover,
            multi_az_enabled=args.multi_az,
            port=args.port,
            subnet_group_name=self._subnet_group().name,
            security_group_ids=[group.id],
            transit_encryption_enabled=True if own else None,
            at_rest_encryption_enabled=True if own else None,
            kms_key_id=args.key_arn,
            auth_token=None if args.auth_token is None else Output.secret(args.auth_token),
            # DELETE has an effect once, when users replace a token; it has none on a cache that never had a token.
            # ROTATE adds a token to the old one, SET then removes the old one:
            # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html (read 2026-11-28)
            auth_token_update_strategy=("SET" if args.auth_token_only else "ROTATE") if by_token else "DELETE",
            user_group_ids=[args.auth.user_group_id] if args.auth else None,
            snapshot_name=args.snapshot_name if own else None,
            snapshot_retention_limit=args.snapshot_days,
            snapshot_window=args.snapshot_window,
            maintenance_window=args.maintenance_window,
            final_snapshot_identifier=args.final_snapshot_name,
            auto_minor_version_upgrade=True,
            # Otherwise AWS applies a change in the next maintenance window, days after `up` reported success, and state
            # and cloud differ until then. The operator has approved the plan and chosen the time of `up`.
            apply_immediately=True,
            log_delivery_configurations=[self._log_delivery("slow-log")],
            tags={**args.tags, "Name": name},
            # ElastiCache reads a snapshot only when it creates a cache, so a change would replace the cache.
            opts=ResourceOptions(parent=self, ignore_changes=["snapshotName"]),
        )

    def _parameter_group(self) -> aws.elasticache.ParameterGroup:
        args = self._args
        parameters = {"maxmemory-policy": args.eviction.value}
        clustered = args.cluster_mode is not ClusterMode.DISABLED
        if clustered:
            parameters["cluster-enabled"] = "yes"
        # A separate parameter group, because cluster-enabled cannot change in a group that is in use.
        name = f"{self._logical_name}-{'cluster-parameters' if clustered else 'parameters'}"
        return aws.elasticache.ParameterGroup(
            name,
            family=parameter_family(args.engine, args.engine_version),
            description=f"Parameters of the cache {self._logical_name}",
            parameters=[{"name": parameter, "value": value} for parameter, value in parameters.items()],
            tags={**args.tags, "Name": name},
            # Never protected, even if the cache is: another major version has another family, which replaces the group.
            opts=ResourceOptions(parent=self, protect=False),
        )

    def _subnet_group(self) -> aws.elasticache.SubnetGroup:
        return aws.elasticache.SubnetGroup(
            f"{self._logical_name}-subnets",
            description=f"Subnets of the cache {self._logical_name}",
            subnet_ids=self._args.subnet_ids,
            tags={**self._args.tags, "Name": f"{self._logical_name}-subnets"},
            opts=self._child,
        )

    def _log_delivery(self, kind: str) -> aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgsDict:
        logs = aws.cloudwatch.LogGroup(
            f"{self._logical_name}-{kind}",
            # One short resource policy allows log delivery to all of /aws/vendedlogs/. Any other name adds an entry for
            # each log group, until the policy exceeds CloudWatch Logs' limit of 5,120 characters.
            name_prefix=f"/aws/vendedlogs/elasticache/{self._logical_name}-{kind}-",
            retention_in_days=self._args.log_retention_days,
            kms_key_id=self._args.log_key_arn,
            tags={**self._args.tags, "Name": f"{self._logical_name}-{kind}"},
            opts=self._child,
        )
        return {
            "log_type": kind,
            "log_format": "json",
            "destination_type": "cloudwatch-logs",
            "destination": logs.name,
        }
