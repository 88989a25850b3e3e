"""One MongoDB Atlas replica set, its backups and the one user the application is.

Makes: the cluster, its backup schedule and a database user. Not here: project, network (atlas_peering.py), alerts
(atlas_alerts.py), indexes (no Atlas resource makes them; a migration of the application does).
Checklist: dedicated cluster, automated backups (daily), database replica set, HTTPS (TLS) enforced, secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from .atlas_region import atlas_region

HIGHEST_PRIORITY = 7
"""Of the region that holds the primary; Atlas wants exactly this for the first one."""

NODE_COUNTS = (3, 5, 7)
"""Electable nodes: an odd number, so that a vote is never a tie."""

_SCHEME = "mongodb+srv://"
_CLUSTER_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?")
_PREFIX_LENGTH = 23
"""Atlas makes host names of a cluster name's first 23 characters."""
_INSTANCE_SIZE = re.compile(r"(M|R)\d{2,3}(_NVME)?")
_DATABASE_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
_SYSTEM_DATABASES = frozenset({"admin", "local", "config"})


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupRetention:
    """How long snapshots are kept. The rarer kind is kept longer, or Atlas refuses the schedule."""

    daily_days: int = 7
    weekly_weeks: int = 4
    monthly_months: int = 12
    point_in_time_days: int | None = None
    """How far back any second can be restored; None turns it off. It rests on snapshots every six hours."""

    def __post_init__(self) -> None:
        days = {
            "point_in_time_days": self.point_in_time_days if self.point_in_time_days is not None else 1,
            "daily_days": self.daily_days,
            "weekly_weeks": self.weekly_weeks * 7,
            "monthly_months": self.monthly_months * 30,
        }
        for argument, kept in days.items():
            if kept < 1:
                raise ValueError(f"{argument} comes to {kept} days; allowed is 1 or more: a backup must outlive a day")
        for (shorter, kept), (longer, kept_longer) in pairwise(days.items()):
            if kept > kept_longer:
                raise ValueError(
                    f"{shorter} ({kept} days) is more than {longer} ({kept_longer} days); Atlas wants the rarer "
                    "snapshots to be kept at least as long"
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasClusterArgs:
    """What one cluster needs. Sizes and versions come from the stack."""

    project_id: Input[str]
    """`AtlasPeering.project_id` where there is a peering: the cluster must not be there before the network."""
    cluster_name: str
    """Fixed for ever: another name is another cluster."""
    region: str
    """AWS form, eu-west-1."""
    instance_size: str
    """M10 or larger; smaller ones share hardware and have no peering and no backups of this kind."""
    mongodb_version: str
    """Major and minor, such as 8.0."""
    database: str
    """The one database the application's user may read and write."""
    username: str
    password: Input[str]
    max_pool_size: int
    """Connections that one task may open to each node."""
    termination_protection: bool
    tags: Mapping[str, str]
    disk_gb: float | None = None
    """None is the size that comes with the instance size."""
    nodes: int = 3
    backups: BackupRetention = BackupRetention()
    retain_backups: bool = True
    """Keep the snapshots when the cluster is deleted."""

    def __post_init__(self) -> None:
        atlas_region(self.region)
        self._check_names()
        if not _INSTANCE_SIZE.fullmatch(self.instance_size):
            raise ValueError(
                f"instance_size is {self.instance_size!r}; give M10 or larger (M10, M30, M60, R40 ...): M0 and Flex "
                "clusters have no peering, no point-in-time backup and no termination of their own"
            )
        if not re.fullmatch(r"\d+\.\d+", self.mongodb_version):
            raise ValueError(f"mongodb_version is {self.mongodb_version!r}; give major.minor such as 8.0")
        if self.nodes not in NODE_COUNTS:
            raise ValueError(f"nodes is {self.nodes}; Atlas allows {NODE_COUNTS}: an odd number elects a primary")
        if self.max_pool_size < 1:
            raise ValueError(f"max_pool_size is {self.max_pool_size}; give 1 or more, because 0 is no limit")

    def _check_names(self) -> None:
        if not _CLUSTER_NAME.fullmatch(self.cluster_name) or self.cluster_name[:_PREFIX_LENGTH].endswith("-"):
            raise ValueError(
                f"cluster_name is {self.cluster_name!r}; Atlas allows 1 to 64 letters, digits and hyphens, no hyphen "
                f"first, last or as character {_PREFIX_LENGTH}: host names are cut there"
            )
        if not _DATABASE_NAME.fullmatch(self.database) or self.database in _SYSTEM_DATABASES:
            raise ValueError(
                f"database is {self.database!r}; give 1 to 63 letters, digits, _ and -, none of "
                f"{sorted(_SYSTEM_DATABASES)}: those are MongoDB's own"
            )
        if not self.username:
            raise ValueError("username is empty; give the name of the application's database user")


class AtlasCluster(ComponentResource):
    """A replica set over three zones of one region."""

    cluster_name: Output[str]
    """Known once the cluster stands, for alerts."""
    host: Output[str]
    """Host name of the SRV record."""
    connection_uri: Output[str]
    """mongodb+srv:// URI of the application's user, secret; known once the user can log in."""

    def __init__(self, name: str, args: AtlasClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasCluster", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        cluster = self._cluster()
        self._backups(cluster)
        user = self._user(cluster)

        self.cluster_name = cluster.name
        self.host = cluster.connection_strings.apply(_srv_host)
        self.connection_uri = Output.secret(
            Output.all(host=self.host, user=user.username, password=args.password).apply(
                lambda parts: connection_uri(
                    host=parts["host"],
                    username=parts["user"],
                    password=parts["password"],
                    database=args.database,
                    max_pool_size=args.max_pool_size,
                )
            )
        )
        self.register_outputs(
            {"cluster_name": self.cluster_name, "host": self.host, "connection_uri": self.connection_uri}
        )

    def _cluster(self) -> mongodbatlas.AdvancedCluster:
        args = self._args
        return mongodbatlas.AdvancedCluster(
            f"{self._logical_name}-cluster",
            name=args.cluster_name,
            project_id=args.project_id,
            cluster_type="REPLICASET",
            mongo_db_major_version=args.mongodb_version,
            version_release_system="LTS",
            replication_specs=[
                {
                    "region_configs": [
                        {
                            "provider_name": "AWS",
                            "region_name": atlas_region(args.region),
                            "priority": HIGHEST_PRIORITY,
                            "electable_specs": {
                                "instance_size": args.instance_size,
                                "node_count": args.nodes,
                                "disk_size_gb": args.disk_gb,
                            },
                            # A full disk stops all writes; growing it costs cents.
                            "auto_scaling": {"disk_gb_enabled": True, "compute_enabled": False},
                        }
                    ]
                }
            ],
            # Or a disk that Atlas has grown would look like drift, and the next `up` would shrink it.
            use_effective_fields=True,
            backup_enabled=True,
            pit_enabled=args.backups.point_in_time_days is not None,
            retain_backups_enabled=args.retain_backups,
            termination_protection_enabled=args.termination_protection,
            advanced_configuration={
                "minimum_enabled_tls_protocol": "TLS1_2",
                # $where and $function run a string of the request as code.
                "javascript_enabled": False,
                "default_write_concern": "majority",
            },
            tags={**args.tags, "Name": self._logical_name},
            opts=self._child,
        )

    def _backups(self, cluster: mongodbatlas.AdvancedCluster) -> None:
        kept = self._args.backups
        window = kept.point_in_time_days
        mongodbatlas.CloudBackupSchedule(
            f"{self._logical_name}-backups",
            project_id=self._args.project_id,
            cluster_name=cluster.name,
            reference_hour_of_day=2,
            reference_minute_of_hour=0,
            restore_window_days=window,
            policy_item_hourly=(
                {"frequency_interval": 6, "retention_unit": "days", "retention_value": window} if window else None
            ),
            policy_item_daily={"frequency_interval": 1, "retention_unit": "days", "retention_value": kept.daily_days},
            # 6 is Saturday, 40 the last day of a month.
            policy_item_weeklies=[
                {"frequency_interval": 6, "retention_unit": "weeks", "retention_value": kept.weekly_weeks}
            ],
            policy_item_monthlies=[
                {"frequency_interval": 40, "retention_unit": "months", "retention_value": kept.monthly_months}
            ],
            opts=self._child,
        )

    def _user(self, cluster: mongodbatlas.AdvancedCluster) -> mongodbatlas.DatabaseUser:
        args = self._args
        return mongodbatlas.DatabaseUser(
            f"{self._logical_name}-user",
            project_id=args.project_id,
            auth_database_name="admin",
            username=args.username,
            password=Output.secret(args.password),
            roles=[{"role_name": "readWrite", "database_name": args.database}],
            scopes=[{"name": cluster.name, "type": "CLUSTER"}],
            description="The application",
            opts=self._child,
        )


def _srv_host(strings: mongodbatlas.outputs.AdvancedClusterConnectionStrings | None) -> str:
    if strings is None or not strings.standard_srv:
        raise LookupError("Atlas gave no SRV connection string; run `pulumi refresh` once the cluster is IDLE")
    return strings.standard_srv.removeprefix(_SCHEME)


def connection_uri(*, host: str, username: str, password: str, database: str, max_pool_size: int) -> str:
    """The URI for drivers. User and password are percent-encoded; TLS and authSource=admin come with the SRV scheme."""
    user = f"{quote(username, safe='')}:{quote(password, safe='')}"
    return f"{_SCHEME}{user}@{host}/{database}?retryWrites=true&w=majority&maxPoolSize={max_pool_size}"
