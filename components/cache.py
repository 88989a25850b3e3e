"""An ElastiCache replication group (Valkey or Redis OSS), one shard, encrypted, with a security group that is closed
until a client opens it for itself.

Makes: subnet group, parameter group, security group, log group and the replication group. Not here: the
auth token (app_secrets.py draws it), alarms. Several shards and a global datastore come with a later phase: they are
other arguments of the same replication group and do not replace it.
Checklist: response caching, secrets (auth token), logging, automated backups.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from .log_retention import check_retention
from .maintenance_windows import daily_minutes, weekly_minutes

REPLICAS = range(6)
"""Read replicas a shard. Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html
(read 2026-11-24)."""

SNAPSHOT_DAYS = range(36)
"""Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(SnapshotRetentionLimit; read 2026-11-24)."""

_NODE_TYPE = re.compile(r"cache\.[a-z0-9]+\.[a-z0-9]+")
_VERSION = re.compile(r"(\d+)\.\d+")
_SNAPSHOT_NAME = re.compile(r"[a-zA-Z](-?[a-zA-Z0-9])*")


class Engine(StrEnum):
    """Both speak the same protocol; Valkey costs a fifth less and is the one AWS develops."""

    VALKEY = "valkey"
    REDIS = "redis"


class Eviction(StrEnum):
    """What goes when memory is full."""

    VOLATILE_LRU = "volatile-lru"
    """The longest unused key among those with an expiry: cached answers go, a job queue's keys stay."""
    ALLKEYS_LRU = "allkeys-lru"
    """Any key. Only for a cache that holds nothing else."""
    NOEVICTION = "noeviction"
    """None; writes fail instead. For a cache that only holds queues."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheArgs:
    """What one cache needs."""

    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    engine_version: str
    """Major and minor, such as 8.0."""
    node_type: str
    auth_token: Input[str]
    """16 to 128 letters and digits. A new one is added beside the old one, so running tasks keep their connection."""
    log_retention_days: int
    tags: Mapping[str, str]
    engine: Engine = Engine.VALKEY
    replicas: int = 0
    """Read replicas besides the primary."""
    automatic_failover: bool = False
    multi_az: bool = False
    eviction: Eviction = Eviction.VOLATILE_LRU
    snapshot_days: int = 7
    """0 turns snapshots off."""
    snapshot_window: str = "02:00-03:00"
    maintenance_window: str = "sun:04:00-sun:05:00"
    final_snapshot_name: str | None = None
    """Taken when the cache is destroyed; the name must be free then. None: the data goes with the cache."""
    port: int = 6379

    def __post_init__(self) -> None:
        self._check_size()
        self._check_names()
        self._check_times()

    def _check_size(self) -> None:
        if not _NODE_TYPE.fullmatch(self.node_type):
            raise ValueError(f"node_type is {self.node_type!r}; give an ElastiCache node type such as cache.t4g.micro")
        if self.node_type.startswith("cache.r6gd."):
            raise ValueError(f"node_type is {self.node_type}; r6gd nodes need data tiering, take cache.r7g instead")
        if self.replicas not in REPLICAS:
            raise ValueError(f"replicas is {self.replicas}; ElastiCache allows {REPLICAS.start} to {REPLICAS.stop - 1}")
        if self.automatic_failover and self.replicas == 0:
            raise ValueError("automatic_failover needs replicas of 1 or more: without a replica nothing takes over")
        if self.multi_az and not self.automatic_failover:
            raise ValueError("multi_az needs automatic_failover: a zone's loss is answered by failing over")

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


class Cache(ComponentResource):
    """A cache that answers over TLS to clients with the token."""

    endpoint: Output[str]
    """Host name of the primary, no port."""
    port: int
    url: Output[str]
    """rediss:// URL with the token, secret."""
    security_group_id: Output[str]
    replication_group_id: Output[str]
    """Dimension of its metrics."""

    def __init__(self, name: str, args: CacheArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Cache", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        group = self._security_group()
        replication = self._replication_group(group)

        self.endpoint = replication.primary_endpoint_address
        self.port = args.port
        self.url = Output.secret(
            Output.all(host=self.endpoint, token=args.auth_token).apply(
                lambda parts: f"rediss://:{quote(parts['token'], safe='')}@{parts['host']}:{args.port}"
            )
        )
        self.security_group_id = group.id
        self.replication_group_id = replication.replication_group_id
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "port": self.port,
                "url": self.url,
                "security_group_id": self.security_group_id,
                "replication_group_id": self.replication_group_id,
            }
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
        return aws.elasticache.ReplicationGroup(
            f"{name}-replication",
            description=f"Cache {name}",
            engine=args.engine.value,
            engine_version=args.engine_version,
            parameter_group_name=self._parameter_group().name,
            node_type=args.node_type,
            num_cache_clusters=1 + args.replicas,
            automatic_failover_enabled=args.automatic_failover,
            multi_az_enabled=args.multi_az,
            port=args.port,
            subnet_group_name=self._subnet_group().name,
            security_group_ids=[group.id],
            transit_encryption_enabled=True,
            at_rest_encryption_enabled=True,
            auth_token=Output.secret(args.auth_token),
            auth_token_update_strategy="ROTATE",  # noqa: S106  # a strategy, no password
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
        return aws.elasticache.ParameterGroup(
            f"{self._logical_name}-parameters",
            family=parameter_family(args.engine, args.engine_version),
            description=f"Parameters of the cache {self._logical_name}",
            parameters=[{"name": "maxmemory-policy", "value": args.eviction.value}],
            tags={**args.tags, "Name": f"{self._logical_name}-parameters"},
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
            tags={**self._args.tags, "Name": f"{self._logical_name}-{kind}"},
            opts=self._child,
        )
        return {
            "log_type": kind,
            "log_format": "json",
            "destination_type": "cloudwatch-logs",
            "destination": logs.name,
        }


def parameter_family(engine: Engine, version: str) -> str:
    """The parameter group family of an engine version: valkey 8.1 -> valkey8, redis 7.1 -> redis7.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html (read 2026-11-24).
    Raises ValueError for Redis OSS before 7, which is out of support and has other families.
    """
    major = int(version.split(".")[0])
    if major < 7:
        raise ValueError(f"engine_version is {version}; take 7.0 or newer, because older ones are out of support")
    return f"{engine.value}{major}"
