"""An ElastiCache replication group (Valkey or Redis OSS), encrypted, with a security group that is closed until a
client opens it for itself. From one node to many shards it stays the same group: every change but those of
network, port and key is made in place.

Makes: subnet group, parameter group, security group, log group and the replication group. Not here: token and
passwords (app_secrets.py draws them), the users (cache_users.py), alarms.
Checklist: response caching, secrets (auth token or users), logging, automated backups, high availability.

Two changes have an order that AWS and its provider insist on.

* Token -> users: give `login` instead of `auth_token`. One `up` deletes the token and attaches the user group
  (AuthTokenUpdateStrategy DELETE, which AWS allows in this transition alone). Clients that still log in with the token
  live on if the users' `default` takes it for that one `up` (cache_users.py).
* One shard -> many: `ClusterMode` DISABLED -> COMPATIBLE -> ENABLED with one shard -> more shards, an `up` each, for
  the provider resizes shards before it sends the mode. A new cache may start ENABLED with all its shards. There is no
  way back from ENABLED. Clients have to speak the cluster protocol and use database 0 alone.
  Source of the order: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
  (ClusterMode), and of there being no way back:
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
"""Source: hashicorp/terraform-provider-aws, internal/service/elasticache/replication_group.go
(snapshot_retention_limit; read 2026-11-24)."""

_VERSION = re.compile(r"(\d+)\.\d+")
_SNAPSHOT_NAME = re.compile(r"[a-zA-Z](-?[a-zA-Z0-9])*")


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheAuth:
    """The user that the application is, of a user group (cache_users.py)."""

    user_group_id: Input[str]
    """Of a group of the same engine."""
    username: str
    """The name that goes into the URL."""
    password: Input[str]
    """Secret; 16 to 128 characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplicationGroupArgs:
    """What one cache needs. Exactly one of `auth_token` and `login`."""

    vpc_id: Input[str]
    """The VPC that the subnets are in. Another one is another cache."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Subnets of two zones or more, best without a way out."""
    engine_version: str
    """Major and minor, such as 8.0."""
    node_type: str
    """ElastiCache's name, such as cache.t4g.micro."""
    log_retention_days: int
    """Of the slow log; one of the periods that CloudWatch Logs offers."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    auth_token: Input[str] | None = None
    """16 to 128 letters and digits. A new one is added beside the old one, so running tasks keep their connection."""
    auth: CacheAuth | None = None
    """A user of a user group. None: the token."""
    engine: CacheEngine = CacheEngine.VALKEY
    """Valkey or Redis OSS. Valkey follows Redis in place; the way back is another cache."""
    replicas: int = 0
    """Read replicas besides the primary, of each shard."""
    cluster_mode: ClusterMode = ClusterMode.DISABLED
    """Whether keys are spread over shards."""
    shards: int = 1
    """1 to 500; more than 1 with ClusterMode.ENABLED alone."""
    automatic_failover: bool = False
    """Whether a replica takes over from a primary that fails; needs a replica."""
    multi_az: bool = False
    """Whether replicas stand in other zones than their primary; needs `automatic_failover`."""
    eviction: Eviction = Eviction.VOLATILE_LRU
    """What goes when memory is full."""
    snapshot_days: int = 7
    """0 turns snapshots off."""
    snapshot_window: str = "02:00-03:00"
    """UTC, an hour at the least, apart from `maintenance_window`."""
    maintenance_window: str = "sun:04:00-sun:05:00"
    """UTC, an hour at the least: when AWS patches nodes."""
    final_snapshot_name: str | None = None
    """Taken when the cache is destroyed; the name must be free then. None: the data goes with the cache."""
    port: int = 6379
    """TCP port, for good."""
    key_arn: Input[str] | None = None
    """A KMS key of one's own. It is chosen once: another key, or none, is another cache. None: the key of AWS."""
    log_key_arn: Input[str] | None = None
    """KMS key of the log group, whose policy lets CloudWatch Logs use it; comes and goes in place."""

    def __post_init__(self) -> None:
        if (self.auth_token is None) == (self.auth is None):
            got = "neither" if self.auth is None else "both"
            raise ValueError(f"auth_token and auth: got {got}; give exactly one, ElastiCache knows clients by one way")
        if not 0 < self.port < 65_536:
            raise ValueError(f"port: got {self.port}, allowed 1 to 65535")
        check_nodes(self.node_type, self.replicas, failover=self.automatic_failover, multi_az=self.multi_az)
        check_shards(self.cluster_mode, self.shards, self.replicas, failover=self.automatic_failover)
        self._check_names()
        self._check_times()

    def _check_names(self) -> None:
        if not _VERSION.fullmatch(self.engine_version):
            raise ValueError(
                f"engine_version is {self.engine_version!r}; give major.minor such as 8.0: AWS picks the patch itself"
            )
        parameter_family(self.engine, self.engine_version)
        name = self.final_snapshot_name
        if name is not None and not (len(name) <= 255 and _SNAPSHOT_NAME.fullmatch(name)):
            raise ValueError(
                f"final_snapshot_name is {name!r}; ElastiCache allows a letter, then letters, digits and single hyphens"
            )

    def _check_times(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)
        if self.snapshot_days not in SNAPSHOT_DAYS:
            raise ValueError(
                f"snapshot_days is {self.snapshot_days}; ElastiCache allows 0 (off) to {SNAPSHOT_DAYS.stop - 1}"
            )
        if daily_minutes(self.snapshot_window) & weekly_minutes(self.maintenance_window):
            raise ValueError(
                f"snapshot_window {self.snapshot_window} and maintenance_window {self.maintenance_window} overlap; "
                "ElastiCache refuses that, because a node under maintenance takes no snapshot"
            )


class ReplicationGroup(ComponentResource):
    """A cache that answers over TLS to clients with the token, or the user's password."""

    endpoint: Output[str]
    """Host name of the primary, or the one that tells a cluster's clients of all shards; no port."""
    port: int
    """The one that all nodes answer on."""
    url: Output[str]
    """rediss:// URL with the token, or user and password; secret."""
    speaks_cluster: bool
    """Whether clients should speak the cluster protocol. So from COMPATIBLE on: before ENABLED all of them must."""
    security_group_id: Output[str]
    """Clients add their own ingress rule to it, for `port`."""
    replication_group_id: Output[str]
    """Its id in ElastiCache."""
    node_ids: Output[Sequence[str]]
    """The CacheClusterId dimension of each node's metrics, sorted. The provider's own list, because numbers have
    gaps: which of several replicas goes is up to ElastiCache (hashicorp/terraform-provider-aws#17296; read 2026-11-24),
    and a node that stood before there were shards may keep its name without one."""

    def __init__(self, name: str, args: ReplicationGroupArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Cache", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        group = self._security_group()
        replication = self._replication_group(group)

        self.endpoint = self._endpoint(replication)
        self.port = args.port
        self.url = self._url()
        self.speaks_cluster = args.cluster_mode is not ClusterMode.DISABLED
        self.security_group_id = group.id
        self.replication_group_id = replication.replication_group_id
        self.node_ids = replication.member_clusters.apply(lambda ids: sorted(ids or ()))
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "port": self.port,
                "url": self.url,
                "speaks_cluster": self.speaks_cluster,
                "security_group_id": self.security_group_id,
                "replication_group_id": self.replication_group_id,
                "node_ids": self.node_ids,
            }
        )

    def _endpoint(self, group: aws.elasticache.ReplicationGroup) -> Output[str]:
        if self._args.cluster_mode is ClusterMode.DISABLED:
            return group.primary_endpoint_address
        # A preview of the change still shows the old state, which has no configuration endpoint.
        return Output.all(group.configuration_endpoint_address, group.primary_endpoint_address).apply(
            lambda hosts: hosts[0] or hosts[1]
        )

    def _url(self) -> Output[str]:
        args = self._args
        username, secret = (args.auth.username, args.auth.password) if args.auth else ("", args.auth_token)
        return Output.secret(
            Output.all(host=self.endpoint, secret=secret).apply(
                lambda parts: f"rediss://{username}:{quote(parts['secret'], safe='')}@{parts['host']}:{args.port}"
            )
        )

    def _security_group(self) -> aws.ec2.SecurityGroup:
        name, args = self._logical_name, self._args
        # No rules. A cache opens no connection itself, and each client adds its own ingress rule to this group: clients
        # are built after the cache, whose URL they need.
        return aws.ec2.SecurityGroup(
            f"{name}-group",
            description="Clients of the cache",
            vpc_id=args.vpc_id,
            tags={**args.tags, "Name": name},
            opts=self._child,
        )

    def _replication_group(self, group: aws.ec2.SecurityGroup) -> aws.elasticache.ReplicationGroup:
        name, args = self._logical_name, self._args
        sharded, by_token = args.cluster_mode is ClusterMode.ENABLED, args.auth_token is not None
        return aws.elasticache.ReplicationGroup(
            f"{name}-replication",
            description=f"Cache {name}",
            engine=args.engine.value,
            engine_version=args.engine_version,
            parameter_group_name=self._parameter_group().name,
            node_type=args.node_type,
            cluster_mode=None if args.cluster_mode is ClusterMode.DISABLED else args.cluster_mode.value,
            num_cache_clusters=None if sharded else 1 + args.replicas,
            num_node_groups=args.shards if sharded else None,
            replicas_per_node_group=args.replicas if sharded else None,
            automatic_failover_enabled=args.automatic_failover,
            multi_az_enabled=args.multi_az,
            port=args.port,
            subnet_group_name=self._subnet_group().name,
            security_group_ids=[group.id],
            transit_encryption_enabled=True,
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            auth_token=None if args.auth_token is None else Output.secret(args.auth_token),
            # DELETE takes effect once, when a token gives way to users; it says nothing of a cache that never had one.
            auth_token_update_strategy="ROTATE" if by_token else "DELETE",
            user_group_ids=[args.auth.user_group_id] if args.auth else None,
            snapshot_retention_limit=args.snapshot_days,
            snapshot_window=args.snapshot_window,
            maintenance_window=args.maintenance_window,
            final_snapshot_identifier=args.final_snapshot_name,
            auto_minor_version_upgrade=True,
            # At once: otherwise `up` reports success days before the change, and state and cloud differ until Sunday.
            # The operator who runs `up` has seen the plan and chosen the hour.
            apply_immediately=True,
            log_delivery_configurations=[self._log_delivery("slow-log")],
            tags={**args.tags, "Name": name},
            opts=self._child,
        )

    def _parameter_group(self) -> aws.elasticache.ParameterGroup:
        args = self._args
        parameters = {"maxmemory-policy": args.eviction.value}
        clustered = args.cluster_mode is not ClusterMode.DISABLED
        if clustered:
            parameters["cluster-enabled"] = "yes"
        # Another group, not another value: cluster-enabled cannot change in a group that is in use.
        name = f"{self._logical_name}-{'cluster-parameters' if clustered else 'parameters'}"
        return aws.elasticache.ParameterGroup(
            name,
            family=parameter_family(args.engine, args.engine_version),
            description=f"Parameters of the cache {self._logical_name}",
            parameters=[{"name": parameter, "value": value} for parameter, value in parameters.items()],
            tags={**args.tags, "Name": name},
            # Never protected, even if the cache is: another major version is another family, hence another group.
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
            # AWS lets its log delivery write to all of /aws/vendedlogs/ by one short policy; any other name makes that
            # policy longer by one group, until it reaches CloudWatch's limit of 5,120 characters.
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
